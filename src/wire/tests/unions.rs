//! Unions are told apart without trying, keep what they don't know, and say what doesn't fit.

use super::*;

fn text(text: &str) -> Part {
    Part::Text(TextPart { text: text.to_owned() })
}

fn read(json: &str) -> Part {
    let part = json::from_str::<Part>(json).unwrap();
    assert_eq!(serde_json::from_reader::<_, Part>(json.as_bytes()).unwrap(), part);
    part
}

#[test]
fn the_tag_is_found_wherever_it_stands() {
    assert_eq!(round_trip::<Part>(r#"{"type":"text","text":"a"}"#), text("a"));
    assert_eq!(read(r#"{"text":"{\"type\":\"x\"}","type":"text"}"#), text("{\"type\":\"x\"}"));
    assert_eq!(
        read(r#"{"skipped":{"type":["image_url",{}]},"text":"a","n":-1.5e3,"t":true,"type":"text"}"#),
        text("a")
    );
    assert_eq!(read(" {\n\t\"type\" :\r\n \"text\" , \"text\" : \"a\" } "), text("a"));
}

#[test]
fn escapes_do_not_hide_a_tag() {
    assert_eq!(read(r#"{"\u0074ype":"te\u0078t","text":"a"}"#), text("a"));
    assert_eq!(read(r#"{"\"type":"x","t\\ype":"y","type":"text","text":"a"}"#), text("a"));
}

#[test]
fn of_two_tags_the_first_counts() {
    assert_eq!(read(r#"{"type":"text","text":"a","type":"image_url"}"#), text("a"));
}

#[test]
fn unions_are_read_from_trees_too() {
    let json = json!({"content": [{"text": "a", "type": "text"}, {"type": "later", "n": 1}]});
    let message = from_value::<UserMessage>(json.clone()).unwrap();
    assert!(
        matches!(&message.content, Content::Parts(parts) if parts[0] == text("a") && matches!(parts[1], Part::Unknown(_)))
    );
    assert_eq!(serde_json::to_value(&message).unwrap(), json);
}

#[test]
fn an_unknown_tag_keeps_every_byte() {
    let json = r#"{ "type" : "lat\u0065r",  "n": 1.00, "big": 123456789012345678901234567890, "s": "\ud83d" }"#;
    let Part::Unknown(part) = read(json) else { panic!("known") };
    assert_eq!(part.get(), json);
    assert_eq!(serde_json::to_string(&[&part]).unwrap(), format!("[{json}]"));
    assert_eq!(part.tag("type").as_deref(), Some("later"));
    assert_eq!((part.tag("n"), part.tag("none")), (None, None));
    assert_eq!(part.to_value().unwrap()["s"], "\u{fffd}");
    assert_eq!(format!("{part:?}"), format!("UnknownVariant({json})"));
}

#[test]
fn what_has_no_tag_is_kept() {
    for json in [
        r#"{"text":"a"}"#,
        r#"{"type":7}"#,
        r#"{"type":null}"#,
        r#"{"type":["text"]}"#,
        "{}",
        "null",
        "7",
        "\"text\"",
        "[]",
        r#"["type","text"]"#,
    ] {
        assert_eq!(read(json), Part::Unknown(unknown(json)), "{json}");
    }
}

#[test]
fn deep_unknown_values_are_kept() {
    let deep = format!(r#"{{"a":{}1{},"type":"later"}}"#, "[".repeat(20_000), "]".repeat(20_000));
    assert_eq!(read(&deep), Part::Unknown(unknown(&deep)));
    let Part::Unknown(part) = read(&deep) else { panic!("known") };
    assert!(part.to_value().is_err_and(|error| error.is_decode()));
}

fn nested(depth: usize) -> String {
    format!("{}{}{}", r#"{"type":"group","parts":["#.repeat(depth), r#"{"type":"later"}"#, "]}".repeat(depth))
}

#[test]
fn unions_in_unions_are_read_to_a_depth_and_end_in_an_error_below_it() {
    assert!(matches!(round_trip::<Part>(&nested(50)), Part::Group(_)));
    assert!(matches!(json::from_str::<Part>(&nested(63)), Ok(Part::Group(_))));
    for depth in [100, 200, 2_000] {
        let error = json::from_str::<Part>(&nested(depth)).unwrap_err();
        assert!(error.to_string().contains("recursion limit exceeded"), "{error}");
    }
    // The limit is for what lies within, not for what comes after.
    let many = format!("[{}]", vec![nested(60); 10].join(","));
    assert_eq!(json::from_str::<Vec<Part>>(&many).unwrap().len(), 10);
}

#[test]
fn the_json_type_tells() {
    assert_eq!(round_trip::<Content>(r#""a""#), Content::Text("a".to_owned()));
    assert_eq!(
        round_trip::<Content>(r#"[{"type":"text","text":"a"},{"type":"later"}]"#),
        Content::Parts(vec![text("a"), Part::Unknown(unknown(r#"{"type":"later"}"#))])
    );
    assert_eq!(round_trip::<Content>(r#"{"type":"text","text":"a"}"#), Content::Part(text("a")));
    assert_eq!(
        round_trip::<Content>(r#"{"type":"later","a":[1.00,{"b":"\n"}]}"#),
        Content::Part(Part::Unknown(unknown(r#"{"type":"later","a":[1.00,{"b":"\n"}]}"#)))
    );
    assert_eq!(json::from_str::<Content>(r#""\u0061""#).unwrap(), Content::Text("a".to_owned()));
}

#[test]
fn other_json_types_are_kept() {
    for json in ["null", "true", "7", "-7", "1.5", "18446744073709551615"] {
        assert_eq!(round_trip::<Content>(json), Content::Unknown(unknown(json)), "{json}");
    }
    assert_eq!(from_value::<Content>(Value::Null).unwrap(), Content::Unknown(unknown("null")));
    assert_eq!(round_trip::<Request>(r#"{"stop":null}"#).stop, Nullable::Null);
}

/// A union that knows none of the types.
#[derive(Debug, PartialEq)]
struct Nothing(UnknownVariant);

impl<'de> ByJsonType<'de> for Nothing {
    const NAME: &'static str = "Nothing";

    fn unknown(raw: UnknownVariant) -> Self {
        Self(raw)
    }
}

#[test]
fn lists_and_objects_are_kept_where_none_are_known() {
    for json in [r#""a\n\"é""#, "[]", "{}", r#"[1.00,{"a": "\ud83d"}, []]"#, r#"{"a\"":{"b": 1.00},"type":null}"#] {
        let kept: Nothing = by_json_type(&mut serde_json::Deserializer::from_str(json)).unwrap();
        assert_eq!(kept.0.get().replace(' ', ""), json.replace(' ', ""));
    }
}

#[test]
fn the_members_that_are_there_tell() {
    assert_eq!(round_trip::<File>(r#"{"file_id":"f"}"#), File::Uploaded(Uploaded { file_id: "f".to_owned() }));
    assert_eq!(
        json::from_str::<File>(r#"{"file_id": null , "file_data":"d"}"#).unwrap(),
        File::Inline(Inline { file_data: "d".to_owned() })
    );
    for json in [r#"{"file_url":"u"}"#, r#"{"a":{"file_id":"f"}}"#, "{}", "null", "\"file_id\"", r#"["file_id"]"#] {
        assert_eq!(round_trip::<File>(json), File::Unknown(unknown(json)), "{json}");
    }
    let error = json::from_str::<Request>(r#"{"file":{"file_id":7}}"#).unwrap_err().to_string();
    assert_eq!(error, "Request at file.file_id: File: invalid type: integer `7`, expected a string");
}

#[test]
fn a_known_variant_that_does_not_fit_is_an_error_that_names_union_tag_and_field() {
    let image = r#"{"type":"image_url","image_url":{}}"#;
    let error = serde_json::from_str::<Part>(image).unwrap_err();
    assert_eq!(error.to_string(), r#"Part (type "image_url") at image_url.url: missing field `url`"#);
    let error = json::from_str::<Part>(image).unwrap_err();
    assert_eq!(error.to_string(), r#"Part at image_url.url: Part (type "image_url"): missing field `url`"#);
}

#[test]
fn the_path_leads_through_unions() {
    let bad = r#"{"type":"image_url","image_url":{"url":7}}"#;
    let expected = r#"Part (type "image_url"): invalid type: integer `7`, expected a string"#;
    for (content, path) in [
        (format!("[{bad}]"), "[0].image_url.url"),
        (format!(r#"[{{"type":"later"}} , {bad} ]"#), "[1].image_url.url"),
        (format!(r#"[ {bad}  ,{{"type":"later"}}]"#), "[0].image_url.url"),
        (
            format!(r#"[{{"type":"group","parts":[{{"type":"text","text":""}},{bad},7]}},7]"#),
            "[0].parts[1].image_url.url",
        ),
        (bad.to_owned(), ".image_url.url"),
    ] {
        for rest in ["", r#","later":[{}]"#] {
            let json = format!(
                r#"{{"messages":[{{"role":"later"}},{{"role":"user","content":{content}{rest}}}{}]}}"#,
                rest.get(9..).unwrap_or("")
            );
            let error = json::from_slice::<Request>(json.as_bytes()).unwrap_err();
            assert_eq!(error.path(), format!("messages[1].content{path}"), "{json}");
            assert_eq!(error.reason(), expected);
        }
    }
}

#[test]
fn the_path_is_right_beside_repaired_text() {
    let json =
        r#"{"messages":[{"role":"user","content":[{"type":"text","text":"\ud83d"},{"type":"text","text":null}]}]}"#;
    let error = json::from_str::<Request>(json).unwrap_err();
    assert_eq!(
        error.to_string(),
        r#"Request at messages[0].content[1].text: Part (type "text"): invalid type: null, expected a string"#
    );
}

#[test]
fn a_lone_surrogate_in_a_variant_is_repaired() {
    let content = json::from_str::<Content>(r#"[{"type":"text","text":"\ud83d"}]"#).unwrap();
    assert_eq!(content, Content::Parts(vec![text("\u{fffd}")]));
}

#[test]
fn one_error_says_nothing_about_the_next() {
    assert!(serde_json::from_str::<Part>(r#"{"type":"text"}"#).is_err());
    let error = json::from_str::<Request>(r#"{"file":1,"max_tokens":""}"#).unwrap_err();
    assert_eq!(error.to_string(), r#"Request at max_tokens: invalid type: string "", expected i64"#);
}

/// Serde buffers what is flattened in a form of its own.
#[derive(Debug, Deserialize)]
struct Flat {
    #[serde(flatten)]
    request: Request,
}

#[test]
fn unions_survive_where_serde_buffers_them() {
    let json = r#"{"messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"later","n":[1,-1,1.5,null,true]}]}],"file":{"file_url":"u"}}"#;
    let flat: Flat = serde_json::from_str(json).unwrap();
    assert_eq!(serde_json::to_value(&flat.request).unwrap(), serde_json::from_str::<Value>(json).unwrap());
}

#[test]
fn a_key_that_looks_like_our_own_does_no_harm() {
    for value in [r#""{\"type\":\"text\",\"text\":\"a\"}""#, r#""not json""#, "7", "{}", "\"\""] {
        let json = format!(r#"{{"{}":{value}}}"#, "$serde_json::private::RawValue");
        let _ = json::from_str::<Part>(&json);
        let _ = json::from_str::<Content>(&json);
        let _ = json::from_str::<Nullable<UnknownVariant>>(&json);
    }
}

#[test]
fn an_event_nobody_knows_is_an_object() {
    let event = |data| UnknownVariant::from_event("ping\"", data, Some("7"), Some(1500));
    assert_eq!(event(Some(r#"{"a": 1.00}"#)).get(), r#"{"event":"ping\"","data":{"a": 1.00},"id":"7","retry":1500}"#);
    assert_eq!(event(Some("not json")).get(), r#"{"event":"ping\"","data":"not json","id":"7","retry":1500}"#);
    assert_eq!(event(Some("")).get(), r#"{"event":"ping\"","data":"","id":"7","retry":1500}"#);
    assert_eq!(UnknownVariant::from_event("ping", None, None, None).get(), r#"{"event":"ping"}"#);
    assert_eq!(UnknownVariant::from_event("ping", None, None, None).tag("event").as_deref(), Some("ping"));
}

#[test]
fn members_of_broken_text_end_early() {
    let seed = r#"{"a\"" : [1,{"b":"]"}], "type" :"x\\", "n":1.5e3 }"#;
    for cut in 0..=seed.len() {
        for junk in ["", "\"", "\\", "{", "}", "]", ",", ":", "é"] {
            let text = format!("{}{junk}{}", &seed[..cut], &seed[cut..]);
            let _ = members::Members::of(&text).count();
            let _ = members::Members::of(&text[..cut + junk.len()]).count();
        }
    }
    assert_eq!(
        members::Members::of(seed).map(|member| member.value).collect::<Vec<_>>(),
        [r#"[1,{"b":"]"}]"#, r#""x\\""#, "1.5e3"]
    );
}

#[test]
fn an_unknown_variant_of_text_at_hand_is_kept_only_if_it_is_json() {
    let keep = |text: &str| Tagged::of(text, "Part", "type").checked::<serde_json::Error>();
    let later = r#"{"type":"later","x":[1,"a\u00e9"]}"#;
    assert_eq!(Tagged::of(later, "Part", "type").tag(), Some("later"));
    let spaced = format!(" {later} ");
    assert_eq!(keep(&spaced).unwrap(), unknown(later));
    assert_eq!(keep("7").unwrap(), unknown("7"));
    let error = keep(r#"{"type":"later","x":}"#).unwrap_err();
    assert_eq!((error.line(), error.column()), (1, 21), "the place is kept too");
    assert!(keep("later").is_err());
}
