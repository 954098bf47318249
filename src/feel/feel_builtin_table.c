/* Which functions there are, with their parameters as the specification names them. */
#include "feel/feel_builtin.h"

/* clang-format off */
#define ANY     FEEL_TYPE_ANY
#define BOOLEAN FEEL_TYPE_BOOLEAN
#define NUMBER  FEEL_TYPE_NUMBER
#define STRING  FEEL_TYPE_STRING
#define DATE    FEEL_TYPE_DATE
#define TIME    FEEL_TYPE_TIME
#define MOMENT  FEEL_TYPE_DATE_TIME
#define MONTHS  FEEL_TYPE_MONTHS
#define SPAN    FEEL_TYPE_SPAN
#define LIST    FEEL_TYPE_LIST
#define CONTEXT FEEL_TYPE_CONTEXT
#define RANGE   FEEL_TYPE_RANGE
#define FUNC    FEEL_TYPE_FUNCTION
#define PLAIN   FEEL__PLAIN
#define SPREAD  FEEL__SPREAD
#define TAIL    FEEL__TAIL
#define CLOCK   FEEL__CLOCK
#define P(name, kind)   {name, kind, FEEL__REQUIRED}
#define MAY(name, kind) {name, kind, FEEL__OPTIONAL}

const struct feel__builtin feel__builtins[] = {
    /* 10.3.4.1 conversion */
    {"date", feel__date_from, DATE, PLAIN, {P("from", ANY)}},
    {"date", feel__date_of_parts, DATE, PLAIN, {P("year", NUMBER), P("month", NUMBER), P("day", NUMBER)}},
    {"date and time", feel__date_time_from, MOMENT, PLAIN, {P("from", ANY)}},
    {"date and time", feel__date_time_of_parts, MOMENT, PLAIN, {P("date", ANY), P("time", TIME)}},
    {"time", feel__time_from, TIME, PLAIN, {P("from", ANY)}},
    {"time", feel__time_of_parts, TIME, PLAIN,
     {P("hour", NUMBER), P("minute", NUMBER), P("second", NUMBER), MAY("offset", SPAN)}},
    {"number", feel__number_from, NUMBER, PLAIN,
     {P("from", STRING), MAY("grouping separator", STRING), MAY("decimal separator", STRING)}},
    {"string", feel__string, STRING, PLAIN, {P("from", ANY)}},
    {"duration", feel__duration_from, ANY, PLAIN, {P("from", STRING)}},
    {"years and months duration", feel__months_between, MONTHS, PLAIN, {P("from", ANY), P("to", ANY)}},
    /* 10.3.4.2 boolean */
    {"not", feel__not, BOOLEAN, PLAIN, {P("negand", ANY)}},
    /* 10.3.4.3 string */
    {"substring", feel__substring, STRING, PLAIN,
     {P("string", STRING), P("start position", NUMBER), MAY("length", NUMBER)}},
    {"string length", feel__string_length, NUMBER, PLAIN, {P("string", STRING)}},
    {"upper case", feel__upper_case, STRING, PLAIN, {P("string", STRING)}},
    {"lower case", feel__lower_case, STRING, PLAIN, {P("string", STRING)}},
    {"substring before", feel__substring_before, STRING, PLAIN, {P("string", STRING), P("match", STRING)}},
    {"substring after", feel__substring_after, STRING, PLAIN, {P("string", STRING), P("match", STRING)}},
    {"replace", feel__replace, STRING, PLAIN,
     {P("input", STRING), P("pattern", STRING), P("replacement", STRING), MAY("flags", STRING)}},
    {"contains", feel__contains, BOOLEAN, PLAIN, {P("string", STRING), P("match", STRING)}},
    {"starts with", feel__starts_with, BOOLEAN, PLAIN, {P("string", STRING), P("match", STRING)}},
    {"ends with", feel__ends_with, BOOLEAN, PLAIN, {P("string", STRING), P("match", STRING)}},
    {"matches", feel__matches, BOOLEAN, PLAIN,
     {P("input", STRING), P("pattern", STRING), MAY("flags", STRING)}},
    {"split", feel__split, LIST, PLAIN, {P("string", STRING), P("delimiter", STRING)}},
    {"string join", feel__string_join, STRING, PLAIN, {P("list", LIST), MAY("delimiter", STRING)}},
    /* 10.3.4.4 list */
    {"list contains", feel__list_contains, BOOLEAN, PLAIN, {P("list", LIST), P("element", ANY)}},
    {"list replace", feel__list_replace, LIST, PLAIN, {P("list", LIST), P("position", NUMBER), P("newItem", ANY)}},
    {"list replace", feel__list_replace_matching, LIST, PLAIN, {P("list", LIST), P("match", FUNC), P("newItem", ANY)}},
    {"count", feel__count, NUMBER, PLAIN, {P("list", LIST)}},
    {"min", feel__min, ANY, SPREAD, {P("list", LIST)}},
    {"max", feel__max, ANY, SPREAD, {P("list", LIST)}},
    {"sum", feel__sum, NUMBER, SPREAD, {P("list", LIST)}},
    {"mean", feel__mean, NUMBER, SPREAD, {P("list", LIST)}},
    {"all", feel__all, BOOLEAN, SPREAD, {P("list", LIST)}},
    {"any", feel__any, BOOLEAN, SPREAD, {P("list", LIST)}},
    {"sublist", feel__sublist, LIST, PLAIN,
     {P("list", LIST), P("start position", NUMBER), MAY("length", NUMBER)}},
    {"append", feel__append, LIST, TAIL, {P("list", LIST), P("item", LIST)}},
    {"concatenate", feel__concatenate, LIST, TAIL, {P("list", LIST)}},
    {"insert before", feel__insert_before, LIST, PLAIN, {P("list", LIST), P("position", NUMBER), P("newItem", ANY)}},
    {"remove", feel__remove, LIST, PLAIN, {P("list", LIST), P("position", NUMBER)}},
    {"reverse", feel__reverse, LIST, PLAIN, {P("list", LIST)}},
    {"index of", feel__index_of, LIST, PLAIN, {P("list", LIST), P("match", ANY)}},
    {"union", feel__union, LIST, TAIL, {P("list", LIST)}},
    {"distinct values", feel__distinct_values, LIST, PLAIN, {P("list", LIST)}},
    {"flatten", feel__flatten, LIST, PLAIN, {P("list", LIST)}},
    {"product", feel__product, NUMBER, SPREAD, {P("list", LIST)}},
    {"median", feel__median, NUMBER, SPREAD, {P("list", LIST)}},
    {"stddev", feel__stddev, NUMBER, SPREAD, {P("list", LIST)}},
    {"mode", feel__mode, LIST, SPREAD, {P("list", LIST)}},
    /* 10.3.4.5 numeric */
    {"decimal", feel__decimal, NUMBER, PLAIN, {P("n", NUMBER), P("scale", NUMBER)}},
    {"floor", feel__floor, NUMBER, PLAIN, {P("n", NUMBER)}},
    {"floor", feel__floor_to, NUMBER, PLAIN, {P("n", NUMBER), P("scale", NUMBER)}},
    {"ceiling", feel__ceiling, NUMBER, PLAIN, {P("n", NUMBER)}},
    {"ceiling", feel__ceiling_to, NUMBER, PLAIN, {P("n", NUMBER), P("scale", NUMBER)}},
    {"round up", feel__round_up, NUMBER, PLAIN, {P("n", NUMBER), P("scale", NUMBER)}},
    {"round down", feel__round_down, NUMBER, PLAIN, {P("n", NUMBER), P("scale", NUMBER)}},
    {"round half up", feel__round_half_up, NUMBER, PLAIN, {P("n", NUMBER), P("scale", NUMBER)}},
    {"round half down", feel__round_half_down, NUMBER, PLAIN, {P("n", NUMBER), P("scale", NUMBER)}},
    {"abs", feel__abs, ANY, PLAIN, {P("n", ANY)}},
    {"modulo", feel__modulo_of, NUMBER, PLAIN, {P("dividend", NUMBER), P("divisor", NUMBER)}},
    {"sqrt", feel__sqrt, NUMBER, PLAIN, {P("number", NUMBER)}},
    {"log", feel__log, NUMBER, PLAIN, {P("number", NUMBER)}},
    {"exp", feel__exp, NUMBER, PLAIN, {P("number", NUMBER)}},
    {"odd", feel__odd, BOOLEAN, PLAIN, {P("number", NUMBER)}},
    {"even", feel__even, BOOLEAN, PLAIN, {P("number", NUMBER)}},
    /* 10.3.4.6 date and time, 10.3.4.11 temporal */
    {"is", feel__is, BOOLEAN, PLAIN, {MAY("value1", ANY), MAY("value2", ANY)}},
    {"day of year", feel__day_of_year_of, NUMBER, PLAIN, {P("date", ANY)}},
    {"day of week", feel__day_of_week_of, STRING, PLAIN, {P("date", ANY)}},
    {"month of year", feel__month_of_year_of, STRING, PLAIN, {P("date", ANY)}},
    {"week of year", feel__week_of_year_of, NUMBER, PLAIN, {P("date", ANY)}},
    {"now", feel__now, MOMENT, CLOCK, {{.name = NULL}}},
    {"today", feel__today, DATE, CLOCK, {{.name = NULL}}},
    /* 10.3.4.7 sort */
    {"sort", feel__sort, LIST, PLAIN, {P("list", LIST), MAY("precedes", FUNC)}},
    /* 10.3.4.8 context */
    {"get value", feel__get_value, ANY, PLAIN, {P("m", CONTEXT), P("key", STRING)}},
    {"get entries", feel__get_entries, LIST, PLAIN, {P("m", CONTEXT)}},
    {"context", feel__context_from, CONTEXT, PLAIN, {P("entries", LIST)}},
    {"context put", feel__context_put, CONTEXT, PLAIN, {P("context", CONTEXT), P("key", STRING), P("value", ANY)}},
    {"context put", feel__context_put_nested, CONTEXT, PLAIN, {P("context", CONTEXT), P("keys", LIST), P("value", ANY)}},
    {"context merge", feel__context_merge, CONTEXT, PLAIN, {P("contexts", LIST)}},
    /* 10.3.4.9 range */
    {"range", feel__range_from, RANGE, PLAIN, {P("from", STRING)}},
    {"before", feel__before, BOOLEAN, PLAIN, {P("point1", ANY), P("point2", ANY)}},
    {"before", feel__before, BOOLEAN, PLAIN, {P("point", ANY), P("range", RANGE)}},
    {"before", feel__before, BOOLEAN, PLAIN, {P("range", RANGE), P("point", ANY)}},
    {"before", feel__before, BOOLEAN, PLAIN, {P("range1", RANGE), P("range2", RANGE)}},
    {"after", feel__after, BOOLEAN, PLAIN, {P("point1", ANY), P("point2", ANY)}},
    {"after", feel__after, BOOLEAN, PLAIN, {P("point", ANY), P("range", RANGE)}},
    {"after", feel__after, BOOLEAN, PLAIN, {P("range", RANGE), P("point", ANY)}},
    {"after", feel__after, BOOLEAN, PLAIN, {P("range1", RANGE), P("range2", RANGE)}},
    {"meets", feel__meets, BOOLEAN, PLAIN, {P("range1", RANGE), P("range2", RANGE)}},
    {"met by", feel__met_by, BOOLEAN, PLAIN, {P("range1", RANGE), P("range2", RANGE)}},
    {"overlaps", feel__overlaps, BOOLEAN, PLAIN, {P("range1", RANGE), P("range2", RANGE)}},
    {"overlaps before", feel__overlaps_before, BOOLEAN, PLAIN, {P("range1", RANGE), P("range2", RANGE)}},
    {"overlaps after", feel__overlaps_after, BOOLEAN, PLAIN, {P("range1", RANGE), P("range2", RANGE)}},
    {"finishes", feel__finishes, BOOLEAN, PLAIN, {P("point", ANY), P("range", RANGE)}},
    {"finishes", feel__finishes, BOOLEAN, PLAIN, {P("range1", RANGE), P("range2", RANGE)}},
    {"finished by", feel__finished_by, BOOLEAN, PLAIN, {P("range", RANGE), P("point", ANY)}},
    {"finished by", feel__finished_by, BOOLEAN, PLAIN, {P("range1", RANGE), P("range2", RANGE)}},
    {"includes", feel__includes, BOOLEAN, PLAIN, {P("range", RANGE), P("point", ANY)}},
    {"includes", feel__includes, BOOLEAN, PLAIN, {P("range1", RANGE), P("range2", RANGE)}},
    {"during", feel__during, BOOLEAN, PLAIN, {P("point", ANY), P("range", RANGE)}},
    {"during", feel__during, BOOLEAN, PLAIN, {P("range1", RANGE), P("range2", RANGE)}},
    {"starts", feel__starts, BOOLEAN, PLAIN, {P("point", ANY), P("range", RANGE)}},
    {"starts", feel__starts, BOOLEAN, PLAIN, {P("range1", RANGE), P("range2", RANGE)}},
    {"started by", feel__started_by, BOOLEAN, PLAIN, {P("range", RANGE), P("point", ANY)}},
    {"started by", feel__started_by, BOOLEAN, PLAIN, {P("range1", RANGE), P("range2", RANGE)}},
    {"coincides", feel__coincides, BOOLEAN, PLAIN, {P("point1", ANY), P("point2", ANY)}},
    {"coincides", feel__coincides, BOOLEAN, PLAIN, {P("range1", RANGE), P("range2", RANGE)}},
    {.name = NULL},
};
/* clang-format on */
