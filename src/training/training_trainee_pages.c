/* The roster of a class as a list: who is in it, how often they came, what became of them. */
#include "training/training_room.h"
#include "training_sql.h"
#include "web/show.h"

static const struct table_column COLUMNS[] = {{"name", .leads = true, .may_sort = true},
                                              {.field = "identity_no"},
                                              {.field = "phone"},
                                              {"attended", .may_sort = true},
                                              {"standing", .may_filter = true},
                                              {"state", .may_filter = true, .may_sort = true},
                                              {0}};

/* Before the first session is over there is nothing to say. */
static enum attendance_standing standing_of(const struct attendance *attendance)
{
    if (attendance->held_hours == 0)
        return ATTENDANCE_STANDING_NONE;
    return attendance->is_low ? ATTENDANCE_STANDING_TOO_FEW : ATTENDANCE_STANDING_ENOUGH;
}

struct trainee_rows training__trainee_rows(struct ctx *ctx, const struct training_class *class)
{
    struct trainee_line_list roster = sql_roster(ctx, class->id);
    struct attendance_list attendance = training_attendance(ctx, class->id);
    struct trainee_rows rows = {roster.count,
                                arena_array(ctx->arena, roster.count, struct trainee_row), 0};
    for (size_t i = 0; i < roster.count; i++) {
        const struct trainee_line *line = &roster.items[i];
        bool has_come = i < attendance.count; /* both stand in the order of their enrolment */
        rows.low_count += has_come && attendance.items[i].is_low;
        rows.items[i] = (struct trainee_row){
            .name = line->name,
            .identity_no = line->identity_no,
            .phone = line->phone,
            .attended = has_come ? attendance.items[i].lesson_hours : 0,
            .standing = has_come ? standing_of(&attendance.items[i]) : ATTENDANCE_STANDING_NONE,
            .state = line->state,
            .person = line->person,
            .enrolment = line->enrolment,
        };
    }
    return rows;
}

/* A trainee's own page is the form that shows a number whole. */
static const char *reveal_path(struct ctx *ctx, const void *row)
{
    return arena_printf(ctx->arena, "/desk/enrolment/%s/reveal",
                        show_id(ctx, ((const struct trainee_row *)row)->enrolment.v));
}

static struct table table_of(struct ctx *ctx, const struct training_class *class,
                             const struct trainee_rows *rows)
{
    struct table table = {.entity = &trainee_row_entity,
                          .path =
                              arena_printf(ctx->arena, "/desk/class/%s", show_id(ctx, class->id.v)),
                          .shows = "person",
                          .columns = COLUMNS,
                          .may_search = true,
                          .seeks_names = true,
                          .offers_files = true};
    table.source = table_of_rows(ctx, &table, rows->items, rows->count,
                                 training__may_reveal(ctx, class) ? reveal_path : NULL);
    return table;
}

struct table_view training__trainee_view(struct ctx *ctx, const struct training_class *class,
                                         const struct trainee_rows *rows)
{
    struct table table = table_of(ctx, class, rows);
    struct table_query query = table_query_of(ctx, &table, request_query);
    return table_view_of(ctx, &table, &query);
}

bool training__trainee_file(struct ctx *ctx, const struct training_class *class, struct reply *ret)
{
    const char *as = request_query(ctx, "as");
    if (as == NULL)
        return false;
    struct trainee_rows rows = training__trainee_rows(ctx, class);
    struct table table = table_of(ctx, class, &rows);
    struct table_query query = table_query_of(ctx, &table, request_query);
    return table_file(ctx, &table, &query, as, ret);
}
