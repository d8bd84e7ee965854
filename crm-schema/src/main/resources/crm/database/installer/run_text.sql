-- Runs a whole file as it is. It travels as a value, so that neither this library nor the driver looks for the ends of its
-- statements. An error is raised again, because its context would quote the whole file. Parameter: the text.
select set_config('crm.script', ?::text, true);
do $run$
declare
  error_message text;
  error_detail text;
  error_hint text;
  error_context text;
begin
  if current_setting('crm.script') = '' then
    raise exception 'there is no text to run' using hint = 'Outside of a transaction it is lost on the way.';
  end if;
  execute current_setting('crm.script');
exception
  when others then
    get stacked diagnostics
      error_message = message_text,
      error_detail = pg_exception_detail,
      error_hint = pg_exception_hint,
      error_context = pg_exception_context;
    raise exception using
      errcode = sqlstate,
      message = concat_ws(' ', error_message, nullif(error_detail, ''), nullif(error_hint, '')),
      detail = replace(error_context, current_setting('crm.script'), '(the file)');
end
$run$;
select set_config('crm.script', '', true);
