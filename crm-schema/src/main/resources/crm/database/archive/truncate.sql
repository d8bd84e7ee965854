truncate table {tables}
