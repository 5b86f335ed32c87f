//! What people wrote beside leads: notes, tags, favourites.

use async_trait::async_trait;
use serde::Serialize;
use uuid::Uuid;

use crate::db::{Timestamp, Unit, Value};
use crate::error::Result;

/// A note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Note {
    /// Its identifier.
    pub note_id: Uuid,
    /// The company.
    pub company_id: i64,
    /// The text.
    pub body: String,
    /// Who wrote it.
    pub author: Option<String>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A tag that somebody gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserTag {
    /// Its identifier.
    pub tag_id: Uuid,
    /// The company.
    pub company_id: i64,
    /// The word.
    pub tag: String,
    /// When it was given.
    pub created_at: Timestamp,
}

/// Notes, tags and favourites.
#[async_trait]
pub trait CrmLite: Send {
    /// Writes a note, or changes the one with its identifier.
    async fn write_note(&mut self, note: Note) -> Result<()>;

    /// The notes of a company, the oldest first.
    async fn notes(&mut self, company_id: i64) -> Result<Vec<Note>>;

    /// Gives a company a tag; one that it has stays as it is. The list can be filtered by it at once.
    async fn add_tag(&mut self, tag: UserTag) -> Result<()>;

    /// The tags that people gave a company, by word.
    async fn user_tags(&mut self, company_id: i64) -> Result<Vec<UserTag>>;

    /// Marks a company as somebody's favourite, or no longer.
    async fn set_favourite(
        &mut self,
        company_id: i64,
        owner: &str,
        favourite: bool,
        at: Timestamp,
    ) -> Result<()>;

    /// Whose favourite a company is.
    async fn favourite_of(&mut self, company_id: i64) -> Result<Vec<String>>;
}

#[async_trait]
impl CrmLite for Unit {
    async fn write_note(&mut self, note: Note) -> Result<()> {
        let sql = "INSERT INTO notes (note_id, company_id, body, author, created_at, updated_at) \
                   VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (note_id) DO UPDATE SET body = excluded.body, \
                   author = excluded.author, updated_at = excluded.updated_at";
        let Note { note_id, company_id, body, author, created_at, updated_at } = note;
        let values = [
            note_id.into(),
            company_id.into(),
            body.into(),
            author.into(),
            created_at.into(),
            updated_at.into(),
        ];
        self.execute(sql, values).await.map(|_| ())
    }

    async fn notes(&mut self, company_id: i64) -> Result<Vec<Note>> {
        let sql = "SELECT note_id, company_id, body, author, created_at, updated_at FROM notes \
                   WHERE company_id = $1 ORDER BY created_at, note_id";
        self.fetch_all(sql, [company_id.into()]).await
    }

    async fn add_tag(&mut self, tag: UserTag) -> Result<()> {
        let company: Value = tag.company_id.into();
        let sql = "INSERT INTO user_tags (tag_id, company_id, tag, created_at) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (company_id, tag) DO NOTHING";
        let word: Value = tag.tag.into();
        let values = [tag.tag_id.into(), company.clone(), word.clone(), tag.created_at.into()];
        self.execute(sql, values).await?;
        let words: Vec<String> =
            self.user_tags(tag.company_id).await?.into_iter().map(|tag| tag.tag).collect();
        let list = self.backend().json("$2");
        let sql = format!("UPDATE leads SET user_tags = {list} WHERE company_id = $1");
        if self.execute(sql, [company.clone(), Value::json(&words)]).await? > 0 {
            let sql =
                "INSERT INTO lead_tags (company_id, tag) VALUES ($1, $2) ON CONFLICT DO NOTHING";
            self.execute(sql, [company, word]).await?;
        }
        Ok(())
    }

    async fn user_tags(&mut self, company_id: i64) -> Result<Vec<UserTag>> {
        let sql = "SELECT tag_id, company_id, tag, created_at FROM user_tags WHERE company_id = $1 ORDER BY tag";
        self.fetch_all(sql, [company_id.into()]).await
    }

    async fn set_favourite(
        &mut self,
        company_id: i64,
        owner: &str,
        favourite: bool,
        at: Timestamp,
    ) -> Result<()> {
        let key: [Value; 2] = [company_id.into(), owner.into()];
        if favourite {
            let sql = "INSERT INTO favourites (company_id, owner, created_at) VALUES ($1, $2, $3) \
                       ON CONFLICT DO NOTHING";
            self.execute(sql, key.into_iter().chain([at.into()])).await?;
        } else {
            self.execute("DELETE FROM favourites WHERE company_id = $1 AND owner = $2", key)
                .await?;
        }
        Ok(())
    }

    async fn favourite_of(&mut self, company_id: i64) -> Result<Vec<String>> {
        let sql = "SELECT owner FROM favourites WHERE company_id = $1 ORDER BY owner";
        let rows: Vec<(String,)> = self.fetch_all(sql, [company_id.into()]).await?;
        Ok(rows.into_iter().map(|(owner,)| owner).collect())
    }
}
