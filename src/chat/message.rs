//! Messages and their parts, made from what callers have at hand.

use std::borrow::Cow;

use crate::types::{
    ChatAudioFormat, ChatAudioPart, ChatCompletionMessage, ChatContent, ChatContentPart, ChatFile, ChatFilePart,
    ChatImagePart, ChatImageUrl, ChatInlineFile, ChatInputAudio, ChatMessage, ChatRole, ChatTextPart, ChatUploadedFile,
};

impl ChatMessage {
    /// Instructions to the model.
    pub fn system(content: impl Into<ChatContent>) -> Self {
        Self::new(ChatRole::System, content.into())
    }

    /// Instructions to the model, by those who build on it.
    pub fn developer(content: impl Into<ChatContent>) -> Self {
        Self::new(ChatRole::Developer, content.into())
    }

    /// What the user says.
    ///
    /// ```
    /// use mka1::types::{ChatContentPart, ChatMessage};
    ///
    /// let question = ChatMessage::user("What is in this picture?");
    /// let with_picture = ChatMessage::user([
    ///     ChatContentPart::text("What is in this picture?"),
    ///     ChatContentPart::image_url("https://example.com/cat.png"),
    /// ]);
    /// ```
    pub fn user(content: impl Into<ChatContent>) -> Self {
        Self::new(ChatRole::User, content.into())
    }

    /// What the model said before.
    pub fn assistant(content: impl Into<ChatContent>) -> Self {
        Self::new(ChatRole::Assistant, content.into())
    }

    /// What a tool gave, in answer to the call with this id.
    pub fn tool(tool_call_id: impl Into<String>, content: impl Into<ChatContent>) -> Self {
        Self::new(ChatRole::Tool, content.into()).tool_call_id(tool_call_id)
    }
}

/// The answer as a message of the conversation that goes on.
impl From<ChatCompletionMessage> for ChatMessage {
    fn from(answer: ChatCompletionMessage) -> Self {
        let mut message = Self::new(answer.role, answer.content.into_value());
        message.name = answer.name;
        message.tool_call_id = answer.tool_call_id;
        message.tool_calls = answer.tool_calls;
        message
    }
}

impl ChatContent {
    /// The text: all of it, or that of the text parts one after the other.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Parts(parts) => {
                let mut texts = parts.iter().filter_map(ChatContentPart::as_text);
                match (texts.next(), texts.next()) {
                    (None, _) => Cow::Borrowed(""),
                    (Some(only), None) => Cow::Borrowed(only),
                    (Some(first), Some(second)) => Cow::Owned([first, second].into_iter().chain(texts).collect()),
                }
            }
            Self::Unknown(_) => Cow::Borrowed(""),
        }
    }
}

impl<const N: usize> From<[ChatContentPart; N]> for ChatContent {
    fn from(parts: [ChatContentPart; N]) -> Self {
        Self::Parts(parts.into())
    }
}

impl From<ChatContentPart> for ChatContent {
    fn from(part: ChatContentPart) -> Self {
        Self::Parts(vec![part])
    }
}

impl ChatContentPart {
    /// Text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(ChatTextPart::new(text))
    }

    /// An image by its address: `https://…`, or `data:image/png;base64,…` with the image in it.
    pub fn image_url(url: impl Into<String>) -> Self {
        Self::ImageUrl(ChatImagePart::new(ChatImageUrl::new(url)))
    }

    /// A recording, its bytes in base64.
    pub fn input_audio(base64: impl Into<String>, format: impl Into<ChatAudioFormat>) -> Self {
        Self::InputAudio(ChatAudioPart::new(ChatInputAudio::new(base64, format)))
    }

    /// A file that was uploaded before.
    pub fn uploaded_file(file_id: impl Into<String>) -> Self {
        Self::File(ChatFilePart::new(ChatFile::Uploaded(ChatUploadedFile::new(file_id))))
    }

    /// A file that goes along, its bytes in base64.
    pub fn inline_file(filename: impl Into<String>, base64: impl Into<String>) -> Self {
        Self::File(ChatFilePart::new(ChatFile::Inline(ChatInlineFile::new(filename, base64))))
    }

    /// The text, if it is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(part) => Some(&part.text),
            _ => None,
        }
    }
}
