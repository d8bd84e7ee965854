set local search_path to :"schema";
