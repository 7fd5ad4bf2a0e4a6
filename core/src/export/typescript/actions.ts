// Stands for the generated types.
export interface Actions {}
