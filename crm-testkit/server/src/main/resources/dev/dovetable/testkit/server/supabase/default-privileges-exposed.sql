-- The older regime of a Supabase project: whatever is created in public belongs
-- to the API roles too, up to TRUNCATE. Same setting emulation.owner as in
-- project.sql, which is to run first.
do $$
declare
  creator text;
  kind text;
begin
  foreach creator in array array[
    coalesce(nullif(current_setting('emulation.owner', true), ''), 'postgres'), 'supabase_admin'
  ] loop
    foreach kind in array array['tables', 'sequences', 'functions'] loop
      execute format(
        'alter default privileges for role %1$I in schema public'
        ' grant all on %2$s to %3$I, anon, authenticated, service_role',
        creator, kind,
        coalesce(nullif(current_setting('emulation.owner', true), ''), 'postgres'));
    end loop;
  end loop;
end $$;
