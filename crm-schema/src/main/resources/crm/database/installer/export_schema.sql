create schema if not exists :"schema";
set search_path to :"schema";
