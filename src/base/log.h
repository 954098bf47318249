/*
 * One line to standard error for the operator, with the time. What is logged names statements,
 * routes and ids, never people: no identity number, name or value that a user sent.
 */
#ifndef DIANJI_BASE_LOG_H
#define DIANJI_BASE_LOG_H

void log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
