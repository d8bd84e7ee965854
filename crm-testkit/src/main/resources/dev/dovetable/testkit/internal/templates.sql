select extension, version, file, checksum, template, names, tables
from agent_templates
order by registered
