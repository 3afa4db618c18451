//! The questions as an OpenAPI 3.0 document, in the types that progenitor takes.

use openapiv3::{
    AdditionalProperties, ArrayType, BooleanType, Components, Info, IntegerFormat, IntegerType, MediaType, NumberType,
    ObjectType, OpenAPI, Operation, PathItem, Paths, ReferenceOr, RequestBody, Response, Responses, Schema, SchemaData,
    SchemaKind, StatusCode, StringType, VariantOrUnknownOrEmpty,
};

use super::{Questions, SHEET, answers, is_struct, numbered};
use crate::pipeline::model::{Model, Shape, Type};

impl Questions<'_> {
    pub(super) fn document(&self, model: &Model) -> OpenAPI {
        let mut components = Components::default();
        for (number, definition) in model.types.values().enumerate() {
            let fields: Vec<(String, &Type)> = match &definition.shape {
                Shape::Struct { fields, .. } => {
                    let held = fields.iter().enumerate().filter(|(_, field)| is_struct(&field.ty, model));
                    held.map(|(index, field)| (numbered(index), &field.ty)).collect()
                }
                _ => Vec::new(),
            };
            components.schemas.insert(answers::type_name(number), self.object(fields));
        }
        let sheet = self.fields.iter().enumerate().map(|(index, ty)| (numbered(index), *ty));
        components.schemas.insert(SHEET.to_owned(), self.object(sheet.collect()));
        let mut paths = Paths::default();
        for index in 0..self.arguments.len().max(self.results.len()) {
            let item = PathItem { post: Some(self.operation(index)), ..PathItem::default() };
            paths.paths.insert(format!("/{index}"), ReferenceOr::Item(item));
        }
        OpenAPI {
            openapi: "3.0.3".to_owned(),
            info: Info { title: "model".to_owned(), version: "1".to_owned(), ..Info::default() },
            paths,
            components: Some(components),
            ..OpenAPI::default()
        }
    }

    /// An operation that takes one of the arguments, wherever it is sent, and gives one of the results.
    fn operation(&self, index: usize) -> Operation {
        let body = self.arguments.get(index).map(|ty| {
            let content = [self.json(ty)].into_iter().collect();
            ReferenceOr::Item(RequestBody { required: true, content, ..RequestBody::default() })
        });
        let result = self.results.get(index).copied().flatten();
        let content = result.map(|ty| self.json(ty)).into_iter().collect();
        let response = ReferenceOr::Item(Response { content, ..Response::default() });
        let responses = [(StatusCode::Code(200), response)].into_iter().collect();
        Operation {
            operation_id: Some(numbered(index)),
            request_body: body,
            responses: Responses { responses, ..Responses::default() },
            ..Operation::default()
        }
    }

    fn json(&self, ty: &Type) -> (String, MediaType) {
        let schema = Some(self.schema(ty));
        ("application/json".to_owned(), MediaType { schema, ..MediaType::default() })
    }

    /// Every field is required and not null here: what its type is does not depend on whether it is there.
    fn object(&self, fields: Vec<(String, &Type)>) -> ReferenceOr<Schema> {
        schema(openapiv3::Type::Object(ObjectType {
            required: fields.iter().map(|(wire, _)| wire.clone()).collect(),
            properties: fields.into_iter().map(|(wire, ty)| (wire, boxed(self.schema(ty)))).collect(),
            additional_properties: Some(AdditionalProperties::Any(true)),
            ..ObjectType::default()
        }))
    }

    fn schema(&self, ty: &Type) -> ReferenceOr<Schema> {
        let integer = |format| schema(openapiv3::Type::Integer(IntegerType { format, ..IntegerType::default() }));
        match ty {
            Type::Any => any(),
            Type::Boolean => schema(openapiv3::Type::Boolean(BooleanType::default())),
            Type::Integer => integer(VariantOrUnknownOrEmpty::Item(IntegerFormat::Int64)),
            Type::Index => integer(VariantOrUnknownOrEmpty::Unknown("uint64".to_owned())),
            Type::Number => schema(openapiv3::Type::Number(NumberType::default())),
            Type::String | Type::Binary => schema(openapiv3::Type::String(StringType::default())),
            Type::Array(items) => {
                let items = Some(boxed(self.schema(items)));
                schema(openapiv3::Type::Array(ArrayType {
                    items,
                    min_items: None,
                    max_items: None,
                    unique_items: false,
                }))
            }
            Type::Map(values) => schema(openapiv3::Type::Object(ObjectType {
                additional_properties: Some(AdditionalProperties::Schema(Box::new(self.schema(values)))),
                ..ObjectType::default()
            })),
            Type::Nullable(inner) => match self.schema(inner) {
                ReferenceOr::Item(Schema { schema_data, schema_kind }) => {
                    let schema_data = SchemaData { nullable: true, ..schema_data };
                    ReferenceOr::Item(Schema { schema_data, schema_kind })
                }
                reference => ReferenceOr::Item(Schema {
                    schema_data: SchemaData { nullable: true, ..SchemaData::default() },
                    schema_kind: SchemaKind::AllOf { all_of: vec![reference] },
                }),
            },
            // What is not defined can't be asked for; `check_uses` leaves none.
            Type::Named(name) => self.numbers.get(name.as_str()).map_or_else(any, |number| ReferenceOr::Reference {
                reference: format!("#/components/schemas/{}", answers::type_name(*number)),
            }),
        }
    }
}

fn boxed(schema: ReferenceOr<Schema>) -> ReferenceOr<Box<Schema>> {
    match schema {
        ReferenceOr::Item(schema) => ReferenceOr::Item(Box::new(schema)),
        ReferenceOr::Reference { reference } => ReferenceOr::Reference { reference },
    }
}

fn any() -> ReferenceOr<Schema> {
    item(SchemaKind::Any(Default::default()))
}

fn schema(ty: openapiv3::Type) -> ReferenceOr<Schema> {
    item(SchemaKind::Type(ty))
}

fn item(schema_kind: SchemaKind) -> ReferenceOr<Schema> {
    ReferenceOr::Item(Schema { schema_data: SchemaData::default(), schema_kind })
}
