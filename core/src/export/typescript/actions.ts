// Stands for what the generator writes.
export interface Actions {}
