//! Arrow IPC: bytes in, bytes out.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::convert::fb_to_schema;
use arrow_ipc::reader::{FileDecoder, StreamDecoder, read_footer_length};
use arrow_ipc::root_as_footer;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{Schema, SchemaRef};

use crate::error::BatchError;

/// A schema, and record batches of it.
type Table = (SchemaRef, Vec<RecordBatch>);

/// What the file format begins with.
const FILE: &[u8] = b"ARROW1";
/// What it ends with: the length of the footer, and the same word.
const TRAILER: usize = 10;
/// How many rows a byte can hold, when a row is a bit.
const ROWS_IN_BYTE: usize = 8;

/// Reads a stream or a file of record batches, whose columns stay where they are in the bytes.
///
/// # Errors
/// `arrow_syntax` where the bytes are neither.
pub fn read_ipc(bytes: Vec<u8>) -> Result<Table, BatchError> {
    let size = bytes.len();
    let bytes = Buffer::from_vec(bytes);
    // The reader of damaged bytes panics at some damages where it ought to refuse.
    let read = catch_unwind(AssertUnwindSafe(|| {
        if bytes.starts_with(FILE) { read_file(&bytes) } else { read_stream(bytes) }
    }));
    let (schema, batches) = read.unwrap_or_else(|_| Err(BatchError::syntax(&"damaged bytes")))?;
    // Columns of nothing but nulls have a length and no bytes: nobody would wait for 2^60 rows.
    let rows = batches.iter().map(RecordBatch::num_rows).fold(0, usize::saturating_add);
    if rows > size.saturating_mul(ROWS_IN_BYTE) {
        let problem = format!("{size} bytes cannot hold the {rows} rows that they claim");
        return Err(BatchError::syntax(&problem));
    }
    Ok((schema, batches))
}

fn read_stream(mut bytes: Buffer) -> Result<Table, BatchError> {
    let mut decoder = StreamDecoder::new();
    let mut batches = Vec::new();
    while let Some(batch) = decoder.decode(&mut bytes).map_err(|e| BatchError::syntax(&e))? {
        batches.push(batch);
    }
    decoder.finish().map_err(|e| BatchError::syntax(&e))?;
    let schema = decoder.schema().ok_or_else(|| BatchError::syntax(&"there is no schema"))?;
    Ok((schema, batches))
}

/// Slices that lie outside of the bytes panic, which [`read_ipc`] makes a refusal of.
fn read_file(bytes: &Buffer) -> Result<Table, BatchError> {
    let end = bytes.len().saturating_sub(TRAILER);
    let trailer =
        bytes[end..].try_into().map_err(|_| BatchError::syntax(&"the file is cut off"))?;
    let length = read_footer_length(trailer).map_err(|e| BatchError::syntax(&e))?;
    let start = end.checked_sub(length).ok_or_else(|| BatchError::syntax(&"a damaged footer"))?;
    let footer = root_as_footer(&bytes[start..end]).map_err(|e| BatchError::syntax(&e))?;
    let schema = footer.schema().ok_or_else(|| BatchError::syntax(&"there is no schema"))?;
    let schema = Arc::new(fb_to_schema(schema));
    let mut decoder = FileDecoder::new(Arc::clone(&schema), footer.version());
    let part = |block: &arrow_ipc::Block| {
        let length = usize::try_from(block.bodyLength())
            .ok()
            .and_then(|body| body.checked_add(usize::try_from(block.metaDataLength()).ok()?));
        let (Ok(offset), Some(length)) = (usize::try_from(block.offset()), length) else {
            return Err(BatchError::syntax(&"a damaged footer"));
        };
        Ok(bytes.slice_with_length(offset, length))
    };
    for block in footer.dictionaries().iter().flatten() {
        let part = part(block)?;
        decoder.read_dictionary(block, &part).map_err(|e| BatchError::syntax(&e))?;
    }
    let mut batches = Vec::new();
    for block in footer.recordBatches().iter().flatten() {
        let part = part(block)?;
        batches
            .extend(decoder.read_record_batch(block, &part).map_err(|e| BatchError::syntax(&e))?);
    }
    Ok((schema, batches))
}

/// Writes record batches as a stream.
pub fn write_ipc(schema: &Schema, batches: &[RecordBatch]) -> Vec<u8> {
    let size = batches.iter().map(RecordBatch::get_array_memory_size).sum();
    let written = (|| {
        let mut writer = StreamWriter::try_new(Vec::with_capacity(size), schema)?;
        for batch in batches {
            writer.write(batch)?;
        }
        writer.into_inner()
    })();
    written.expect("memory takes what is written, and batches have their schema")
}
