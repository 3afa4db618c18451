//! What every generated string enum has, so that the generator writes only what differs.

/// Implements [`OpenEnum`](crate::wire::OpenEnum), conversions, `Display` and serde for an enum and its wire values.
macro_rules! open_enum {
    ($name:ident { $($variant:ident = $wire:literal),* $(,)? }) => {
        impl $crate::wire::OpenEnum for $name {
            const NAME: &'static str = stringify!($name);

            fn from_wire(value: &str) -> Option<Self> {
                match value {
                    $($wire => Some(Self::$variant),)*
                    _ => None,
                }
            }

            fn unknown(value: $crate::wire::UnknownValue) -> Self {
                Self::Unknown(value)
            }

            fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)*
                    Self::Unknown(value) => value.as_str(),
                }
            }
        }

        #[allow(unreachable_pub, reason = "as public as the enum")]
        impl $name {
            /// The value as it stands on the wire.
            pub fn as_str(&self) -> &str {
                $crate::wire::OpenEnum::as_str(self)
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                $crate::wire::parse_open(value)
            }
        }

        impl From<String> for $name {
            fn from(value: String) -> Self {
                $crate::wire::parse_open(&value)
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::wire::deserialize_open(deserializer)
            }
        }
    };
}

pub(crate) use open_enum;
