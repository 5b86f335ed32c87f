//! A transaction on SQLite, begun and ended by statements.
//!
//! SQLite itself takes a transaction back when the disk is full. The driver's own kind of transaction
//! counts on being the one that ends it: its `ROLLBACK` fails then, and the connection begins no other
//! transaction any more. So a transaction that did not end well takes its connection with it.

use sqlx::pool::PoolConnection;
use sqlx::{Sqlite, SqliteConnection, SqlitePool};

use crate::error::Result;

#[derive(Debug)]
pub(super) struct SqliteTransaction {
    connection: PoolConnection<Sqlite>,
    open: bool,
}

impl SqliteTransaction {
    /// Begins at once for writing: a lock taken later can fail half-way through the unit.
    pub(super) async fn begin(writer: &SqlitePool) -> Result<Self> {
        // It counts as open before it is, should the caller give up in between.
        let mut transaction = Self { connection: writer.acquire().await?, open: true };
        sqlx::raw_sql("BEGIN IMMEDIATE").execute(transaction.connection()).await?;
        Ok(transaction)
    }

    pub(super) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }

    pub(super) async fn commit(mut self) -> Result<()> {
        sqlx::raw_sql("COMMIT").execute(self.connection()).await?;
        self.open = false;
        Ok(())
    }

    /// Where there is nothing left to take back, it is taken back.
    pub(super) async fn roll_back(mut self) {
        self.open = sqlx::raw_sql("ROLLBACK").execute(self.connection()).await.is_err();
    }
}

impl Drop for SqliteTransaction {
    fn drop(&mut self) {
        if self.open {
            self.connection.close_on_drop();
        }
    }
}
