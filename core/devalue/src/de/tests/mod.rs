mod reads;
mod rejects;
