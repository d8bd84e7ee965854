-- One at a time gives numbers; reading goes on.
lock table fleet_databases in share row exclusive mode;
