-- The first complaints; one row that says ok where there are none.
select quick_check from pragma_quick_check limit 5
