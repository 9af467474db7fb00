/* instance.c: instances of functions, and calls of them.
 *
 * A function is checked once for each combination of kinds, dtypes, ranks and layouts that it is
 * called with; sizes stay symbolic. The variables of the top level that it reads, itself or through
 * what it calls, are parameters too, behind its own: so they are read when it is called. A call of
 * an instance that is still being checked takes the result that its annotation promises; where the
 * body gives another kind or layout, it is checked again with that. Start at check_user_call.
 */
#include "check/arguments.h"
#include "check/call.h"
#include "check/either.h"

/* Instances of one function; calls inside each other; values of one call, tuples taken apart. */
enum { INSTANCES_MAX = 200, CALL_DEPTH_MAX = 200, VALUES_MAX = 1000, ROUNDS_MAX = 4 };

/* ---- parameters ---------------------------------------------------------------------------- */

/* A fresh array type with the order in memory of another one. */
static const Type *ordered_as(const Type *type, const Type *like) {
    Type *ordered = (Type *)type;
    ordered->permuted = like->permuted;
    memcpy(ordered->from, like->from, sizeof like->from);
    return ordered;
}

/* Sizes that the caller chose, as this instance's own: small constants stay, the rest is fresh. */
static const Type *own_type(Scope *s, const Type *given, Name name) {
    Size shape[TYPED_RANK_MAX];
    if (given->kind == TYPE_EITHER)
        return own_sizes(s, given, NULL);
    if (given->kind == TYPE_TUPLE) {
        const Type **items = ARENA_ARRAY(s->checker->arena, const Type *, given->count);
        for (int i = 0; i < given->count; i++)
            items[i] = own_type(s, given->items[i], name);
        return type_tuple(s->checker, items, given->count);
    }
    if (given->kind != TYPE_ARRAY)
        return given;
    for (int axis = 0; axis < given->rank; axis++) {
        int64_t value;
        shape[axis] = given->shape[axis];
        if (size_is_const(shape[axis], &value) && value <= 16)
            continue;
        shape[axis] = size_fresh(arena_printf(s->checker->arena, "%s.%d", name, axis));
        s->facts = facts_ge(s->checker->arena, s->facts, shape[axis], size_const(0),
                            "sizes are not negative", (Span){0});
    }
    return ordered_as(type_array(s->checker, given->dtype, given->rank, shape, given->contiguous), given);
}

static void limit_sizes(Scope *s, const Type *type) {
    for (int i = 0; type_has_parts(type) && i < type->count; i++)
        limit_sizes(s, type->items[i]);
    for (int axis = 0; type->kind == TYPE_ARRAY && axis < type->rank; axis++)
        if (size_as_atom(type->shape[axis]))
            s->facts = facts_ge(s->checker->arena, s->facts, size_const(INT64_C(1) << 47),
                                type->shape[axis], "an axis has at most 2**47 elements", (Span){0});
}

/* What an annotation promises, and what is given beyond that: kinds, dtypes of scalars, layouts, and the
 * sizes that a result's annotation leaves open. */
static const Type *annotated_as(const Scope *s, const Type *noted, const Type *given) {
    Checker *c = s->checker;
    Size shape[TYPED_RANK_MAX];
    if ((noted->kind == TYPE_SCALAR && given->kind == TYPE_EITHER) || given->kind == TYPE_NONE ||
        either_has_none(given) || noted->kind == TYPE_POISON)
        return given;
    if (noted->kind != given->kind)
        return noted;
    for (int axis = 0; noted->kind == TYPE_ARRAY && axis < noted->rank && axis < given->rank; axis++)
        shape[axis] = size_is_open(s, noted->shape[axis]) ? given->shape[axis] : noted->shape[axis];
    if (noted->kind == TYPE_ARRAY)
        return noted->rank == given->rank
                   ? ordered_as(type_array(c, noted->dtype, noted->rank, shape, given->contiguous), given)
                   : noted;
    if (noted->kind != TYPE_TUPLE || noted->count != given->count)
        return given;
    const Type **items = ARENA_ARRAY(c->arena, const Type *, noted->count);
    for (int i = 0; i < noted->count; i++)
        items[i] = annotated_as(s, noted->items[i], given->items[i]);
    return type_tuple(c, items, noted->count);
}

static Variable *bind_parameter(Scope *s, const Ast *parameter, const Type *given,
                                SizeNames *names) {
    Name name = parameter->as.parameter.name;
    bool plain = parameter->as.parameter.kind == AST_PLAIN && !is_constant_parameter(parameter);
    const Ast *noted = plain ? parameter->as.parameter.annotation : NULL;
    names->owner = name;
    const Type *type = noted ? annotated_as(s, annotated_type(names, noted), given) : own_type(s, given, name);
    names->owner = NULL;
    bool sizes = type->kind == TYPE_SCALAR && type->dtype == DTYPE_I64;
    Size size = NULL;
    for (int i = 0; i < names->all.count; i++)
        if (names->all.data[i].name == name && sizes)
            size = size_atom(names->all.data[i].atom);
    limit_sizes(s, type);
    Variable *variable = variable_new(s, name, type, size, parameter->span);
    scope_bind(s, name, variable);
    /* A size of the same name is this parameter. */
    if (!size && sizes)
        VEC_PUSH(s->checker->arena, names->all, ((SizeName){name, size_as_atom(variable->size), false}));
    return variable;
}

/* An outer variable, under its key. */
static Variable *bind_global(Scope *s, Name name, const Type *given) {
    const Type *type = own_type(s, given, name);
    limit_sizes(s, type);
    Variable *variable = variable_new(s, name, type, NULL, s->definition->span);
    scope_bind(s, name, variable);
    return variable;
}

/* ---- instances ----------------------------------------------------------------------------- */

/* The callee's sizes are the caller's. */
static void equate_shapes(Equations *equations, const Type *wanted, const Type *have) {
    for (int i = 0; type_has_parts(wanted) && i < wanted->count; i++)
        equate_shapes(equations, wanted->items[i], have->items[i]);
    for (int axis = 0; wanted->kind == TYPE_ARRAY && axis < wanted->rank; axis++)
        equations_add(equations, wanted->shape[axis], have->shape[axis]);
}

/* Each size that an annotation names must follow from the arguments. */
static void require_known_sizes(Scope *s, const SizeNames *names, const Ast *definition) {
    const TFunction *function = s->function;
    Equations equations = {.arena = s->checker->arena};
    for (int i = 0; i < function->parameter_count; i++) {
        const Variable *variable = function->parameters[i];
        equations_know(&equations, variable->size, variable->size);
        equate_shapes(&equations, variable->type, variable->type);
    }
    equations_solve(&equations);
    for (int i = 0; i < names->all.count; i++)
        if (!equations_value(&equations, names->all.data[i].atom))
            diag_unsupported(definition->as.function.name_span,
                             arena_printf(s->checker->arena, "the size '%s', which does not follow from the arguments",
                                          names->all.data[i].name),
                             "a parameter that spells it plainly, or is an int of that name");
}

bool size_is_open(const Scope *s, Size size) {
    Atom *atom = size ? size_as_atom(size) : NULL;
    return atom && atom->kind == ATOM_VAR && atom->id >= s->first_open;
}

bool is_external(const Ast *definition) {
    const Ast *body = definition->as.function.body;
    return body && !body->next && body->kind == AST_EXPRESSION && body->as.expression.value->kind == AST_ELLIPSIS;
}

static bool is_open_type(const Scope *s, const Type *type) {
    for (int i = 0; type->kind == TYPE_TUPLE && i < type->count; i++)
        if (is_open_type(s, type->items[i]))
            return true;
    for (int axis = 0; type->kind == TYPE_ARRAY && axis < type->rank; axis++)
        if (size_is_open(s, type->shape[axis]))
            return true;
    return type->kind == TYPE_STRING;
}

/* A function of C has the types that its signature says. */
static void finish_external(Scope *s, const Ast *definition) {
    TFunction *function = s->function;
    function->external = true;
    function->result = s->declared ? s->declared : type_simple(s->checker, TYPE_NONE);
    for (const Ast *p = definition->as.function.parameters; p; p = p->next)
        if (is_parameter(p) && !(p->as.parameter.kind == AST_PLAIN && p->as.parameter.annotation))
            diag_error(p->span, DIAG_BAD_ANNOTATION, "a function of C says the type of each parameter");
    if (is_open_type(s, function->result))
        diag_unsupported(definition->as.function.result->span, "a result of C whose size the arguments do not tell",
                         "a size of the parameters");
}

static bool no_result(const Type *type) {
    return type->kind == TYPE_NONE || type->kind == TYPE_POISON;
}

/* Behind its last statement a function that returns something on other paths returns None. */
static void return_none_at_end(Scope *s) {
    const Type *result = s->function->result;
    bool some = s->reachable && result && !no_result(result) && !s->function->writes->count && !s->declared;
    if (!some || !either_join(s, result, type_simple(s->checker, TYPE_NONE)))
        return;
    TBlock *outer = s->block;
    s->block = &s->function->body;
    check_statement(s, &(Ast){.kind = AST_RETURN, .span = s->definition->as.function.name_span});
    s->block = outer;
}

/* What may end without a result, or promises another one. */
static void check_end(Scope *s) {
    const Ast *definition = s->definition;
    const Type *result = s->function->result;
    if (!s->reachable)
        return;
    if (result && s->function->writes->count && result->kind == TYPE_TUPLE)
        result = result->items[0];
    if (s->declared && !no_result(s->declared))
        diag_error(definition->as.function.name_span, DIAG_RETURN_MISMATCH,
                   "'%s' can end without the result that it promises", s->function->name);
    else if (result && !no_result(result))
        diag_unsupported(definition->as.function.name_span, "a function that returns on some paths only",
                         "a return at its end");
}

/* The end of a body that assigns outer variables: None, and those. */
static void finish_written(Scope *s) {
    Span span = s->definition->as.function.name_span;
    TBlock *outer = s->block;
    s->block = &s->function->body;
    TExpr *value = with_written(s, texpr_new(s, TEXPR_NONE, span, type_simple(s->checker, TYPE_NONE)), span);
    const Type *old = s->function->result;
    s->function->result = old ? join_types(s, old, value->type) : value->type;
    stmt_new(s, TSTMT_RETURN, span)->as.result.value = value;
    s->block = outer;
}

static void check_body(Scope *s) {
    Checker *c = s->checker;
    TFunction *function = s->function;
    int promoted = c->promoted.count;
    check_block(s, s->definition->as.function.body, &function->body);
    check_promoted(c, s->definition, promoted);
    return_none_at_end(s);
    check_end(s);
    for (int i = 0; function->result && i < s->returns.count; i++)
        s->returns.data[i]->as.result.value = either_widen(s, s->returns.data[i]->as.result.value, function->result);
    if (s->reachable && function->writes->count)
        finish_written(s);
    if (!function->result)
        function->result = type_simple(c, TYPE_NONE);
    if (s->declared && !function->writes->count)
        function->result = annotated_as(s, s->declared, function->result);
    else if (s->declared && function->result->kind == TYPE_TUPLE)
        function->result->items[0] = annotated_as(s, s->declared, function->result->items[0]);
}

/* What calls of an instance that is still being checked take for its result. */
static const Type *with_assumed(Scope *s, const Type *declared) {
    const TFunction *function = s->function;
    int count = function->writes->count + 1, own = function->parameter_count - function->hidden->count;
    if (!declared || count == 1)
        return declared;
    const Type **types = ARENA_ARRAY(s->checker->arena, const Type *, count);
    types[0] = declared;
    for (int i = 1; i < count; i++)
        for (int k = 0; k < function->hidden->count; k++)
            if (function->hidden->names[k] == function->writes->names[i - 1])
                types[i] = function->parameters[own + k]->type;
    return type_tuple(s->checker, types, count);
}

/* Checks the body once, for parameters of the given types. */
static void check_instance(Checker *c, FunctionEntry *entry, TFunction *function, const Type *const *types) {
    const Ast *definition = entry->definition;
    Scope s = {.checker = c, .function = function, .definition = definition, .entry = entry,
               .reachable = true, .first_open = UINT32_MAX};
    SizeNames names = {.scope = &s};
    int k = 0;
    for (const Ast *p = definition->as.function.parameters; p; p = p->next)
        if (is_parameter(p))
            function->parameters[k] = bind_parameter(&s, p, types[k], &names), k++;
        else if (p->as.parameter.kind == AST_DOUBLE_STAR)
            scope_bind(&s, p->as.parameter.name, variable_new(&s, p->as.parameter.name, type_simple(c, TYPE_POISON), NULL, p->span));
    for (int i = 0; i < function->hidden->count; i++, k++)
        function->parameters[k] = bind_global(&s, function->hidden->names[i], types[k]);
    require_known_sizes(&s, &names, definition);
    s.first_open = (uint32_t)atom_count();
    s.declared = definition->as.function.result ? annotated_type(&names, definition->as.function.result)
                                                : NULL;
    s.sizes = &names;
    function->facts = s.facts;
    function->body = (TBlock){0};
    function->result = NULL;
    if (!function->assumed)
        function->assumed = with_assumed(&s, s.declared);
    if (is_external(definition))
        finish_external(&s, definition);
    else
        check_body(&s);
}

/* What a round at a recursive function made, to be undone before the next one. */
typedef struct {
    int *instances, *nested;
    int count, nested_count;
    TFunction **last;
    int diags, verdicts;
} Mark;

static Mark mark_now(Checker *c) {
    Mark mark = {.count = c->functions.count, .nested_count = c->nested.count, .last = c->last_function,
                 .diags = diag_count(), .verdicts = c->verdicts.count};
    mark.instances = ARENA_ARRAY(c->arena, int, mark.count + 1);
    mark.nested = ARENA_ARRAY(c->arena, int, mark.nested_count + 1);
    for (int i = 0; i < mark.nested_count; i++)
        mark.nested[i] = c->nested.data[i]->instances.count;
    for (int i = 0; i < mark.count; i++)
        mark.instances[i] = c->functions.data[i]->instances.count;
    return mark;
}

/* Entries that were not there had no instances. */
static void back_to(Checker *c, const Mark *mark) {
    for (int i = 0; i < c->nested.count; i++)
        c->nested.data[i]->instances.count = i < mark->nested_count ? mark->nested[i] : 0;
    for (int i = 0; i < c->functions.count; i++)
        c->functions.data[i]->instances.count = i < mark->count ? mark->instances[i] : 0;
    c->last_function = mark->last;
    *c->last_function = NULL;
    diag_rollback(mark->diags);
    c->verdicts.count = mark->verdicts;
}

static bool same_layout(const Type *a, const Type *b) {
    if (a->kind == TYPE_ARRAY && a->contiguous != b->contiguous)
        return false;
    for (int i = 0; type_has_parts(a) && i < a->count; i++)
        if (!same_layout(a->items[i], b->items[i]))
            return false;
    return true;
}

static void add_hidden(const FunctionEntry *of, Names *hidden, Names *writes) {
    for (int i = 0; i < of->globals.count; i++)
        names_add(hidden, of->globals.names[i]);
    for (int i = 0; i < of->writes.count; i++)
        names_add(writes, of->writes.names[i]);
}

/* The outer variables of an entry, and of the functions that its parameters are given. */
static void find_hidden(const FunctionEntry *entry, const Type *const *types, int count, Names *hidden, Names *writes) {
    *hidden = entry->globals;
    *writes = entry->writes;
    for (int i = 0; i < count; i++)
        if (type_function(types[i]))
            add_hidden(type_function(types[i]), hidden, writes);
}

TFunction *instance_new(Checker *c, FunctionEntry *entry, const Type *const *types, int count,
                        bool exported) {
    TFunction *function = ARENA_NEW(c->arena, TFunction);
    Names *hidden = ARENA_NEW(c->arena, Names), *writes = ARENA_NEW(c->arena, Names);
    find_hidden(entry, types, count, hidden, writes);
    function->hidden = hidden;
    function->writes = writes;
    function->name = entry->name;
    function->span = entry->definition->span;
    function->parameter_count = count;
    function->parameters = ARENA_ARRAY(c->arena, Variable *, count);
    function->exported = exported && !is_external(entry->definition);
    function->checking = true;
    VEC_PUSH(c->arena, entry->instances, function);
    Mark mark = mark_now(c);
    for (int round = 0; round < ROUNDS_MAX; round++) {
        if (round)
            back_to(c, &mark);
        check_instance(c, entry, function, types);
        bool fits = !function->recursive || !function->assumed ||
                    (type_same(function->assumed, function->result, false) &&
                     same_layout(function->assumed, function->result));
        if (fits || function->result->kind == TYPE_POISON)
            break;
        function->assumed = function->result;
    }
    function->checking = false;
    *c->last_function = function;
    c->last_function = &function->next;
    if (diag_count() > mark.diags)
        VEC_PUSH(c->arena, c->failed, ((FailedInstance){entry, function}));
    return function;
}

/* What may be said of a program that runs under CPython counts less than what speaks against its types. */
static int weight_of(DiagCode code) {
    static const DiagCode light[] = {DIAG_UNSUPPORTED, DIAG_JOIN_TYPES, DIAG_NEEDS_CONSTANT, DIAG_SHAPE_UNPROVED,
                                     DIAG_MAYBE_UNASSIGNED, DIAG_BUDGET};
    for (size_t i = 0; i < sizeof light / sizeof *light; i++)
        if (light[i] == code)
            return 1;
    return INSTANCE_MISTAKE;
}

int instance_try(Checker *c, FunctionEntry *entry, const Type *const *types, int count, bool keep) {
    Mark mark = mark_now(c);
    instance_new(c, entry, types, count, false);
    int cost = 0;
    for (int i = mark.diags; i < diag_count(); i++)
        cost += weight_of(diag_code(i));
    if (!keep)
        back_to(c, &mark);
    return cost;
}

/* A list that knows no elements yet may get any. */
static bool same_list(const Type *have, const Type *want) {
    const Type *a = list_element(have), *b = list_element(want);
    return have == want || (a && b && type_same(a, b, false));
}

static bool same_argument(const Type *have, const Type *want) {
    bool same = have->kind == want->kind && have->dtype == want->dtype && have->rank == want->rank &&
                have->weak == want->weak && have->contiguous == want->contiguous &&
                have->count == want->count && ((have->kind != TYPE_FUNCTION && have->kind != TYPE_CONSTANT) || have->info == want->info);
    if (same && have->kind == TYPE_LIST)
        return same_list(have, want);
    if (same && have->kind == TYPE_ARRAY && (have->permuted || want->permuted))
        same = have->permuted == want->permuted && !memcmp(have->from, want->from, (size_t)have->rank);
    for (int i = 0; same && type_has_parts(have) && i < have->count; i++)
        same = same_argument(have->items[i], want->items[i]);
    for (int axis = 0; same && have->kind == TYPE_ARRAY && axis < have->rank; axis++) {
        int64_t value;
        bool constant = size_is_const(have->shape[axis], &value);
        same = !constant || have->shape[axis] == want->shape[axis];
        same = same && !(want->shape[axis] == size_const(1) && !constant);
    }
    return same;
}

static bool same_instance(const TFunction *function, const Type *const *types, int count) {
    /* What C calls relies on arrays that do not overlap; calls inside do not promise that. */
    bool same = function->parameter_count == count && !function->exported;
    for (int i = 0; i < count && same; i++)
        same = same_argument(function->parameters[i]->type, types[i]);
    return same;
}

/* How many values a type's tuples hold, all levels together, counted up to a limit. */
static int type_parts(const Type *type, int limit) {
    if (!type_has_parts(type))
        return 1;
    int parts = 0;
    for (int i = 0; i < type->count && parts <= limit; i++)
        parts += type_parts(type->items[i], limit - parts);
    return parts;
}

/* Its body means the same whoever calls. */
static bool is_annotated(const Ast *definition) {
    for (const Ast *p = definition->as.function.parameters; p; p = p->next)
        if (is_parameter(p) && !(p->as.parameter.kind == AST_PLAIN && p->as.parameter.annotation))
            return false;
    return true;
}

static TFunction *find_instance(Scope *s, FunctionEntry *entry, const Type *const *types,
                                int count, Span span) {
    Checker *c = s->checker;
    int parts = 0;
    for (int i = 0; i < count && parts <= VALUES_MAX; i++)
        parts += type_parts(types[i], VALUES_MAX);
    if (parts > VALUES_MAX) {
        diag_error(span, DIAG_BUDGET, "this call passes more than %d values, those in tuples and the variables that '%s' "
                   "reads included", VALUES_MAX, entry->name);
        return NULL;
    }
    for (int i = 0; i < entry->instances.count; i++) {
        TFunction *function = entry->instances.data[i];
        if (!same_instance(function, types, count))
            continue;
        if (function->checking && !entry->definition->as.function.result) {
            diag_unsupported(span, "recursion without an annotated result",
                             "the result's type, as in 'def f(n: int) -> int'");
            return NULL;
        }
        function->recursive |= function->checking;
        return function;
    }
    if (entry->instances.count >= INSTANCES_MAX) {
        diag_error(span, DIAG_BUDGET, "'%s' is called with more than %d kinds of arguments", entry->name, INSTANCES_MAX);
        return NULL;
    }
    if (c->depth >= CALL_DEPTH_MAX) {
        diag_error(span, DIAG_BUDGET, "more than %d calls inside each other", CALL_DEPTH_MAX);
        return NULL;
    }
    int errors = diag_count();
    c->depth++;
    TFunction *function = instance_new(c, entry, types, count, false);
    c->depth--;
    if (diag_count() > errors)
        function->result = type_simple(c, TYPE_POISON);
    bool library = is_library_entry(entry);
    if (library || !is_annotated(entry->definition))
        diag_from_call(errors, span, entry->name, library);
    return function;
}

/* ---- calls --------------------------------------------------------------------------------- */

static void know_fresh(Atom *atom, void *user) {
    Equations *equations = user;
    if (!equations_value(equations, atom))
        equations_know(equations, size_atom(atom), size_fresh(atom->name));
}

typedef struct {
    const Equations *equations;
    bool unknown;
} Search;

static void find_unknown(Atom *atom, void *user) {
    Search *search = user;
    search->unknown |= !equations_value(search->equations, atom);
}

static bool is_unknown(const Equations *equations, Size size) {
    Search search = {equations, false};
    size_variables(size, find_unknown, &search);
    return search.unknown;
}

/* A size that only the call gives: not negative, and on its side of what the caller knows of a maximum or a minimum. */
static Size result_of_its_own(Scope *s, const Atom *extreme, const Equations *equations) {
    Arena *arena = s->checker->arena;
    Size fresh = size_fresh("result");
    s->facts = facts_ge(arena, s->facts, fresh, size_const(0), "sizes are not negative", (Span){0});
    for (int i = 0; extreme && i < extreme->arg_count; i++) {
        if ((extreme->kind != ATOM_MAX && extreme->kind != ATOM_MIN) || is_unknown(equations, extreme->args[i]))
            continue;
        Size known = equations_apply(equations, extreme->args[i]);
        bool least = extreme->kind == ATOM_MAX;
        s->facts = facts_ge(arena, s->facts, least ? fresh : known, least ? known : fresh, "what the call gives",
                            (Span){0});
    }
    return fresh;
}

/* A size of a result in the caller's: what has sizes of the body in it is one of its own, which the call gives. */
static Size result_size(Scope *s, Size size, Equations *equations) {
    const Atom *atom = size_as_atom(size);
    if (is_unknown(equations, size) && (!atom || atom->kind != ATOM_VAR))
        return result_of_its_own(s, atom, equations);
    size_variables(size, know_fresh, equations);
    return equations_apply(equations, size);
}

/* A result's type in the caller's sizes. */
static const Type *result_type(Scope *s, const Type *type, Equations *equations) {
    if (type->kind == TYPE_EITHER)
        return own_sizes(s, type, NULL);
    if (type->kind == TYPE_TUPLE) {
        const Type **items = ARENA_ARRAY(s->checker->arena, const Type *, type->count);
        for (int i = 0; i < type->count; i++)
            items[i] = result_type(s, type->items[i], equations);
        return type_tuple(s->checker, items, type->count);
    }
    if (type->kind != TYPE_ARRAY)
        return type;
    Size shape[TYPED_RANK_MAX];
    for (int axis = 0; axis < type->rank; axis++)
        shape[axis] = result_size(s, type->shape[axis], equations);
    return ordered_as(type_array(s->checker, type->dtype, type->rank, shape, type->contiguous), type);
}

/* A value goes where an annotation of its own class or a wider one is; it stays what it is, as in
 * Python. Arrays must agree. */
static bool fits_annotation(const Type *noted, const Type *given) {
    if (noted->kind == TYPE_POISON || given->kind == TYPE_NONE)
        return true;
    for (int i = 1; either_has_none(given) && i < given->count; i++)
        if (!fits_annotation(noted, given->items[i]))
            return false;
    if (either_has_none(given))
        return true;
    if (noted->kind == TYPE_SCALAR && given->kind == TYPE_SCALAR)
        return dtype_info(noted->dtype)->class >= dtype_info(given->dtype)->class;
    if (noted->kind == TYPE_SCALAR && given->kind == TYPE_EITHER)
        return either_is_within(given, noted->dtype);
    if (noted->kind != TYPE_TUPLE)
        return type_same(noted, given, false);
    bool fits = given->kind == TYPE_TUPLE && given->count == noted->count;
    for (int i = 0; fits && i < noted->count; i++)
        fits = fits_annotation(noted->items[i], given->items[i]);
    return fits;
}

/* Of a parameter that takes many, the annotation is each one's. */
static const Type *misfit(const Ast *parameter, const Type *noted, const Type *given) {
    if (parameter->as.parameter.kind == AST_PLAIN)
        return fits_annotation(noted, given) ? NULL : given;
    for (int i = 0; i < given->count; i++)
        if (!fits_annotation(noted, given->items[i]))
            return given->items[i];
    return NULL;
}

static TExpr *fit_argument(Scope *s, TExpr *value, const Ast *parameter) {
    const Ast *noted = is_constant_parameter(parameter) ? NULL : parameter->as.parameter.annotation;
    if (!noted || is_poison(value))
        return value;
    Facts *facts = s->facts;
    const Type *type = check_annotation(s, noted), *wrong;
    s->facts = facts;
    if (!(wrong = misfit(parameter, type, value->type)))
        return value;
    Diag *diag = diag_error(value->span, DIAG_BAD_CALL, "this is %s, '%s' is %s",
                            type_print(s->checker->arena, wrong),
                            parameter->as.parameter.name, type_print(s->checker->arena, type));
    diag_note(diag, parameter->span, "the parameter is here");
    return texpr_poison(s, value->span);
}

static void require_type(Scope *s, const TFunction *function, const Type *wanted, const Type *have,
                         const Equations *equations, Span span) {
    for (int i = 0; type_has_parts(wanted) && i < wanted->count; i++)
        require_type(s, function, wanted->items[i], have->items[i], equations, span);
    for (int axis = 0; wanted->kind == TYPE_ARRAY && axis < wanted->rank; axis++) {
        Size size = equations_apply(equations, wanted->shape[axis]);
        if (size == have->shape[axis])
            continue;
        require_equal(s, have->shape[axis], size, "BROADCAST",
                      arena_printf(s->checker->arena, "shapes of the arguments of %s", function->name), span);
    }
}

/* The callee's sizes in the caller's: ints first, then the shapes. */
static void find_sizes(const TFunction *function, TExpr **values, Equations *equations) {
    for (int i = 0; i < function->parameter_count; i++) {
        equations_know(equations, function->parameters[i]->size, values[i]->size);
        equate_shapes(equations, function->parameters[i]->type, values[i]->type);
    }
    equations_solve(equations);
}

/* Sizes that the signature ties together must agree in the caller. */
static void require_signature(Scope *s, const TFunction *function, TExpr **values, Equations *equations,
                              Span span) {
    find_sizes(function, values, equations);
    for (int i = 0; i < function->parameter_count; i++)
        require_type(s, function, function->parameters[i]->type, values[i]->type, equations, span);
}

static bool is_argument(const Type *type) {
    bool fine = type_is_number(type) || type->kind == TYPE_STRING || type_is_nothing(type) ||
                type_has_parts(type) || type->kind == TYPE_LIST;
    for (int i = 0; fine && type_has_parts(type) && i < type->count; i++)
        fine = is_argument(type->items[i]);
    return fine;
}

/* A default is a constant: it sees none of the caller's names. */
static TExpr *check_default(Scope *s, const Ast *node) {
    Bindings bindings = s->bindings;
    s->bindings = (Bindings){0};
    TExpr *value = check_expr(s, node);
    s->bindings = bindings;
    return value;
}

/* An outer variable as the caller sees it: its own, or what it was given. */
static TExpr *read_global(Scope *s, FunctionEntry *entry, Name key, Span span) {
    Binding *binding = scope_find(s, outer_here(s, key));
    if (!binding || !binding->variable) {
        Diag *diag = diag_error(span, DIAG_UNKNOWN_NAME, "'%s' reads '%s', which is not assigned here (NameError)",
                                entry->name, outer_spelling(s->checker, key));
        diag_note(diag, entry->definition->as.function.name_span, "the function is here");
        return texpr_poison(s, span);
    }
    return variable_expr(s, binding->variable, span);
}

/* What every call without the argument would share, and may change. */
static bool is_shared(const Type *type) {
    for (int i = 0; type_has_parts(type) && i < type->count; i++)
        if (is_shared(type->items[i]))
            return true;
    return type->kind == TYPE_LIST || (type->kind == TYPE_ARRAY && type->rank);
}

/* The values of the parameters; false after an error. */
static bool check_arguments(Scope *s, const Arguments *arguments, TExpr **values) {
    int count = arguments->count;
    for (int i = 0; i < count; i++) {
        int k = arguments->order[i];
        TExpr *value = i < arguments->given ? kept_order(s, check_expr(s, arguments->values[k]))
                                            : check_default(s, arguments->values[k]);
        values[k] = i < arguments->given ? fit_argument(s, value, arguments->parameters[k]) : value;
        if (is_poison(values[k]))
            return false;
    }
    for (int k = 0; k < count; k++)
        if (is_shared(values[k]->type) && arguments->values[k] == arguments->parameters[k]->as.parameter.default_value) {
            diag_unsupported(arguments->values[k]->span, arena_printf(s->checker->arena, "%s as a default, which all calls would share",
                                                                      values[k]->type->kind == TYPE_LIST ? "a list" : "an array"), "None");
            return false;
        }
    return true;
}

/* `all` with the outer variables behind the parameters; the number of all values, -1 after an error. */
static int add_outer_values(Scope *s, FunctionEntry *entry, const Ast *node, int count, TExpr ***all) {
    Arena *arena = s->checker->arena;
    Names *hidden = ARENA_NEW(arena, Names), *writes = ARENA_NEW(arena, Names);
    const Type **types = ARENA_ARRAY(arena, const Type *, count + 1);
    for (int i = 0; i < count; i++)
        types[i] = (*all)[i]->type;
    find_hidden(entry, types, count, hidden, writes);
    TExpr **values = ARENA_ARRAY(arena, TExpr *, count + hidden->count + 1);
    memcpy(values, *all, sizeof *values * (size_t)count);
    *all = values;
    for (int i = 0; i < hidden->count; i++)
        if (is_poison(values[count++] = read_global(s, entry, hidden->names[i], node->span)))
            return -1;
    for (int i = 0; i < count; i++) {
        const Type *type = values[i]->type;
        FunctionEntry *given = type_function(type);
        for (const FunctionEntry *outer = given ? given->parent : NULL; outer; outer = outer->parent)
            if (outer == entry) {
                diag_unsupported(node->span, "a nested function given to the function around it", "it at the top level");
                return -1;
            }
        if (is_argument(type))
            continue;
        diag_unsupported(values[i]->span, arena_printf(arena, "%s as an argument", type_print(arena, type)), "an array, a number, a string, a list or a tuple of them");
        return -1;
    }
    return count;
}

/* What stands for parameters of the library that are constants; false after an error. */
static bool take_constants(Scope *s, const FunctionEntry *entry, TExpr **values, int count) {
    int k = 0;
    if (!is_library_entry(entry))
        return true;
    for (const Ast *p = entry->definition->as.function.parameters; p && k < count; p = p->next) {
        if (p->as.parameter.kind != AST_PLAIN)
            continue;
        if (is_constant_parameter(p))
            values[k] = constant_argument(s, values[k], p);
        if (is_poison(values[k++]))
            return false;
    }
    return true;
}

/* A call with values for all parameters and for the variables that the function reads. */
static TExpr *call_values(Scope *s, FunctionEntry *entry, TExpr **values, int count, const int *order, int ordered,
                          Span span) {
    Arena *arena = s->checker->arena;
    const Type **types = ARENA_ARRAY(arena, const Type *, count + 1);
    if (!take_constants(s, entry, values, count))
        return texpr_poison(s, span);
    for (int i = 0; i < count; i++)
        types[i] = values[i]->type;
    TFunction *function = find_instance(s, entry, types, count, span);
    const Type *result = !function ? NULL : function->checking ? function->assumed : function->result;
    if (!result || result->kind == TYPE_POISON)
        return texpr_poison(s, span);
    Equations equations = {.arena = arena};
    require_signature(s, function, values, &equations, span);
    TExpr *expr = texpr_new(s, TEXPR_CALL, span, result_type(s, result, &equations));
    expr->as.call.callee = function;
    expr->as.call.arguments = values;
    expr->as.call.count = count;
    expr->as.call.order = order;
    expr->as.call.ordered = ordered;
    if (expr->type->kind == TYPE_SCALAR && dtype_is_integer(expr->type->dtype))
        expr->size = size_fresh("result");
    return expr;
}

TExpr *check_user_call(Scope *s, FunctionEntry *entry, const Ast *node) {
    Arguments *arguments = ARENA_NEW(s->checker->arena, Arguments);
    const Ast *may_write = s->may_write;
    if (!entry->defined && !entry->parent && !entry->node) {
        Diag *diag = diag_error(node->span, DIAG_UNKNOWN_NAME, "'%s' is not defined yet (NameError)", entry->name);
        diag_note(diag, entry->definition->as.function.name_span, "the function is here");
        return texpr_poison(s, node->span);
    }
    if (!arguments_bind(s, entry, node, arguments))
        return texpr_poison(s, node->span);
    TExpr **values = ARENA_ARRAY(s->checker->arena, TExpr *, arguments->count + 1);
    s->may_write = NULL;
    bool fine = check_arguments(s, arguments, values);
    s->may_write = may_write;
    int count = fine ? add_outer_values(s, entry, node, arguments->count, &values) : -1;
    if (count < 0)
        return texpr_poison(s, node->span);
    TExpr *expr = call_values(s, entry, values, count, arguments->order, arguments->count, node->span);
    return is_poison(expr) ? expr : bind_written(s, expr, node);
}

TExpr *call_entry(Scope *s, FunctionEntry *entry, TExpr **values, int count, Span span) {
    int *order = ARENA_ARRAY(s->checker->arena, int, count + 1);
    for (int i = 0; i < count; i++)
        order[i] = i;
    return call_values(s, entry, values, count, order, count, span);
}
