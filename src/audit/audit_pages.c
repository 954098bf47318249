/* The room's routes. */
#include "audit/audit_room.h"

const struct route audit_routes[] = {
    {GET, "/desk/audit", PERMISSION_AUDIT_VIEW, .handle = audit__list, .lane = LANE_HEAVY},
    {GET, "/desk/audit/:entry", PERMISSION_AUDIT_VIEW, .handle = audit__show_entry},
    {GET, "/desk/person/:person/reveal", PERMISSION_PERSON_REVEAL,
     .handle = audit__show_person_reveal, .shows = "person"},
    {POST, "/desk/person/:person/reveal", PERMISSION_PERSON_REVEAL,
     .handle = audit__post_person_reveal, .shows = "person", .deed = DEED_REVEALED},
    {GET, "/privacy", PERMISSION_PUBLIC, .handle = audit__show_privacy},
    {GET, "/me/seen", PERMISSION_DISCLOSURE_OWN, .handle = audit__show_own},
    {0},
};
