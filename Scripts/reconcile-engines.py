#!/usr/bin/env python3
# The job of `kontor bench reconcile` by DuckDB, chDB or Polars: counts by class as one JSON object.
# Usage: reconcile-engines.py duckdb|chdb|polars OURS THEIRS
import json, sys, time
engine, ours, theirs = sys.argv[1:4]

JOIN = """
SELECT ca, cb, differs, count(*) FROM (
  SELECT coalesce(a.n, 0) AS ca, coalesce(b.n, 0) AS cb,
    CASE WHEN coalesce(a.n, 0) = 0 OR coalesce(b.n, 0) = 0 THEN 0 WHEN a.currency <> b.currency THEN 1
         WHEN a.amount <> b.amount THEN 2 WHEN a.status <> b.status THEN 3 ELSE 0 END AS differs
  FROM ({a}) AS a FULL OUTER JOIN ({b}) AS b ON a.order_no = b.order_no)
GROUP BY ca, cb, differs"""
SIDE = """SELECT order_no, count(*) AS n, {any}(amount) AS amount, {any}(currency) AS currency,
    {any}(status) AS status FROM {table} GROUP BY order_no"""

def join(table, any):
    return JOIN.format(a=SIDE.format(table=table % ours, any=any), b=SIDE.format(table=table % theirs, any=any))

if engine == "duckdb":
    import duckdb
    start = time.perf_counter()
    table = ("read_csv('%s', header=true, columns={'order_no': 'VARCHAR', 'amount': 'DECIMAL(18,2)', "
             "'currency': 'VARCHAR', 'status': 'VARCHAR'})")
    rows = duckdb.sql(join(table, "any_value")).fetchall()
elif engine == "chdb":
    import chdb
    start = time.perf_counter()
    table = ("file('%s', CSVWithNames, 'order_no String, amount Decimal(18,2), "
             "currency LowCardinality(String), status LowCardinality(String)')")
    rows = [line.split(",") for line in str(chdb.query(join(table, "any"), "CSV")).split()]
else:
    import polars as pl
    start = time.perf_counter()
    c = pl.col
    schema = {"order_no": pl.String, "amount": pl.Decimal(18, 2), "currency": pl.String, "status": pl.String}
    def side(path, number):
        return pl.scan_csv(path, schema=schema).with_columns(side=pl.lit(number, pl.Int8))
    grouped = pl.concat([side(ours, 0), side(theirs, 1)]).group_by("order_no").agg(
        ca=(c("side") == 0).sum(), cb=(c("side") == 1).sum(),
        x1=c("currency").min() != c("currency").max(), x2=c("amount").min() != c("amount").max(),
        x3=c("status").min() != c("status").max())
    differs = (pl.when((c("ca") == 0) | (c("cb") == 0)).then(0).when(c("x1")).then(1).when(c("x2")).then(2)
               .when(c("x3")).then(3).otherwise(0))
    rows = (grouped.select("ca", "cb", differs=differs).group_by("ca", "cb", "differs").agg(n=pl.len())
            .collect(engine="streaming").rows())

names = ["matched", "currency", "amount", "status"]
out = dict.fromkeys(names + ["missing_ours", "missing_theirs", "duplicate_ours", "duplicate_theirs"], 0)
for ca, cb, differs, n in rows:
    ca, cb, n = int(ca), int(cb), int(n)
    out["missing_theirs" if cb == 0 else "missing_ours" if ca == 0 else names[int(differs)]] += n
    out["duplicate_ours"] += n * max(0, ca - 1)
    out["duplicate_theirs"] += n * max(0, cb - 1)
print(json.dumps(dict(out, seconds=time.perf_counter() - start)))
