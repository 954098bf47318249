/* The room's routes. */
#include "audit/audit_room.h"

const struct route audit_routes[] = {
    {GET, "/desk/audit", PERMISSION_AUDIT_VIEW, .handle = audit__list, .lane = LANE_HEAVY},
    {GET, "/desk/audit/:entry", PERMISSION_AUDIT_VIEW, .handle = audit__show_entry},
    {0},
};
