DROP INDEX leads_totals;
DROP TABLE dashboard;
