/* header.c: the C header of a library: prototypes, shapes in words, and sizes of results as functions. */
#include "emit/emitter.h"

/* The text of runtime/include/mnp.h. */
extern const char mnp_header_text[];

/* What the parameters of one function are called in C. */
typedef struct {
    Arena *arena;
    const Interface *interface;
    VEC(const char *) names;               /* parameters, then results */
} CNames;

static void add_name(CNames *names, const char *name) {
    bool fresh = !c_name_is_taken(name, false);
    for (int i = 0; i < names->names.count && fresh; i++)
        fresh = strcmp(names->names.data[i], name) != 0;
    if (fresh)
        VEC_PUSH(names->arena, names->names, name);
    else
        add_name(names, arena_printf(names->arena, "%s_", name));
}

static void find_names(CNames *names) {
    const Interface *interface = names->interface;
    for (int i = 0; i < interface->parameter_count; i++)
        add_name(names, interface->parameters[i].value->name ? interface->parameters[i].value->name : "unnamed");
    for (int i = 0; i < interface->result_count; i++)
        add_name(names, interface->result_count > 1 ? arena_printf(names->arena, "out%d", i + 1) : "out");
}

static const char *result_name(const CNames *names, int i) {
    return names->names.data[names->interface->parameter_count + i];
}

static const char *name_of_value(const CNames *names, const Value *value) {
    for (int i = 0; i < names->interface->parameter_count; i++)
        if (names->interface->parameters[i].value == value)
            return names->names.data[i];
    BUG("a size of a signature is no parameter");
}

/* ---- sizes as expressions of C ------------------------------------------------------------- */

static void put_size(Text *text, const CNames *names, Size size);

static void put_operation(Text *text, const CNames *names, const char *name, const Size *args, int count) {
    for (int i = 1; i < count; i++)
        text_printf(text, "mnp_size_%s(", name);
    put_size(text, names, args[0]);
    for (int i = 1; i < count; i++) {
        text_printf(text, ", ");
        put_size(text, names, args[i]);
        text_printf(text, ")");
    }
}

static void put_atom(Text *text, const CNames *names, const Atom *atom) {
    switch (atom->kind) {
    case ATOM_VAR: text_printf(text, "%s", name_of_value(names, atom_value(atom))); break;
    case ATOM_FLOORDIV: put_operation(text, names, "floordiv", atom->args, 2); break;
    case ATOM_MOD: put_operation(text, names, "mod", atom->args, 2); break;
    case ATOM_MIN: put_operation(text, names, "min", atom->args, atom->arg_count); break;
    case ATOM_MAX: put_operation(text, names, "max", atom->args, atom->arg_count); break;
    case ATOM_RAW: put_operation(text, names, atom->raw_op == '+' ? "add" : "mul", atom->args, atom->arg_count); break;
    }
}

static void put_term(Text *text, const CNames *names, const SizeTerm *term) {
    bool one = term->coefficient == 1 && term->atom_count;
    int factors = term->atom_count + !one;
    for (int i = 1; i < factors; i++)
        text_printf(text, "mnp_size_mul(");
    if (!one)
        text_printf(text, "%lld", (long long)term->coefficient);
    for (int i = 0; i < term->atom_count; i++) {
        bool first = i == 0 && one;
        text_printf(text, "%s", first ? "" : ", ");
        put_atom(text, names, term->atoms[i]);
        text_printf(text, "%s", first ? "" : ")");
    }
}

static void put_size(Text *text, const CNames *names, Size size) {
    const SizeTerm *terms;
    int count = size_terms(size, &terms);
    for (int i = 1; i < count; i++)
        text_printf(text, "mnp_size_add(");
    if (!count)
        text_printf(text, "0");
    for (int i = 0; i < count; i++) {
        text_printf(text, "%s", i ? ", " : "");
        put_term(text, names, &terms[i]);
        text_printf(text, "%s", i ? ")" : "");
    }
}

/* ---- sizes of results ---------------------------------------------------------------------- */

static bool is_int(const CParameter *parameter) {
    return parameter->value->kind == VALUE_SCALAR && parameter->value->dtype == DTYPE_I64;
}

static void put_ints(Text *text, const CNames *names, bool types) {
    bool first = true;
    for (int i = 0; i < names->interface->parameter_count; i++) {
        if (!is_int(&names->interface->parameters[i]))
            continue;
        text_printf(text, "%s%s%s", first ? "" : ", ", types ? "int64_t " : "", names->names.data[i]);
        first = false;
    }
    if (first && types)
        text_printf(text, "void");
}

static bool is_seen(const Size *sizes, int count, Size size) {
    for (int i = 0; i < count; i++)
        if (sizes[i] == size)
            return true;
    return false;
}

/* The sizes of the arguments, each once; they must be sizes. */
static int argument_sizes(const CNames *names, Size *sizes) {
    int count = 0;
    int64_t constant;
    for (int i = 0; i < names->interface->parameter_count; i++) {
        const Value *value = names->interface->parameters[i].value;
        for (int axis = 0; value->kind == VALUE_ARRAY && axis < value->rank; axis++)
            if (!size_is_const(value->shape[axis], &constant) && !is_seen(sizes, count, value->shape[axis]))
                sizes[count++] = value->shape[axis];
    }
    return count;
}

static bool is_mentioned(const Value *value, const Size *sizes, int count) {
    for (int i = 0; i < count; i++)
        if (value->atom && size_mentions(sizes[i], value->atom))
            return true;
    return false;
}

/* Arguments that no call takes give -1. */
static void put_guards(Text *text, const CNames *names, Size result) {
    Size *sizes = ARENA_ARRAY(names->arena, Size, RANK_MAX * names->interface->parameter_count + 1);
    int count = argument_sizes(names, sizes);
    sizes[count] = result;
    for (int i = 0; i < names->interface->parameter_count; i++)
        if (is_int(&names->interface->parameters[i]) &&
            !is_mentioned(names->interface->parameters[i].value, sizes, count + 1))
            text_printf(text, "    (void)%s;\n", names->names.data[i]);
    for (int i = 0; i < count; i++) {
        text_printf(text, i ? " || mnp_size_axis(" : "    if (mnp_size_axis(");
        put_size(text, names, sizes[i]);
        text_printf(text, ") < 0");
    }
    text_printf(text, count ? ")\n        return -1;\n" : "");
}

/* NAME_out_size and its like, unless the program calls a function so. */
static const char *size_name(const CNames *names, const Function *function, const char *result, const char *what) {
    return c_name(names->arena, function->module, function->c_name, arena_printf(names->arena, "_%s_%s", result, what));
}

static void put_size_function(Text *text, const CNames *names, const Function *function, int i, int axis) {
    const Value *value = names->interface->results[i].value;
    Arena *arena = names->arena;
    const char *result = names->interface->result_count > 1 ? arena_printf(arena, "out%d", i + 1) : "out";
    const char *what = axis < 0 ? "size" : arena_printf(arena, "axis%d", axis);
    text_printf(text, "static inline int64_t %s(", size_name(names, function, result, what));
    put_ints(text, names, true);
    text_printf(text, ") {\n");
    if (axis >= 0) {
        put_guards(text, names, value->shape[axis]);
        text_printf(text, "    return mnp_size_axis(");
        put_size(text, names, value->shape[axis]);
        text_printf(text, ");\n}\n\n");
        return;
    }
    text_printf(text, "    return ");
    for (int k = 0; k < value->rank; k++)
        text_printf(text, "mnp_size_count(");
    text_printf(text, "1");
    for (int k = 0; k < value->rank; k++) {
        text_printf(text, ", %s(", size_name(names, function, result, arena_printf(arena, "axis%d", k)));
        put_ints(text, names, false);
        text_printf(text, "))");
    }
    text_printf(text, ";\n}\n\n");
}

static void put_size_functions(Text *text, const CNames *names, const Function *function) {
    for (int i = 0; i < names->interface->result_count; i++) {
        const CResult *result = &names->interface->results[i];
        if (result->value->kind != VALUE_ARRAY || !result->known)
            continue;
        for (int axis = 0; axis < result->value->rank; axis++)
            put_size_function(text, names, function, i, axis);
        put_size_function(text, names, function, i, -1);
    }
}

/* ---- prototypes ---------------------------------------------------------------------------- */

/* Wraps at commas, so that lines stay readable. */
static void put_item(Text *text, size_t *line, int indent, bool first, const char *item) {
    if (!first)
        text_printf(text, ",");
    if (!first && text->length - *line + strlen(item) + 2 > 110) {
        text_printf(text, "\n%*s", indent, "");
        *line = text->length - (size_t)indent;
    } else if (!first) {
        text_printf(text, " ");
    }
    text_printf(text, "%s", item);
}

static const char *plain_parameter(const CNames *names, const Function *function, int i) {
    const Value *value = names->interface->parameters[i].value;
    if (value->kind == VALUE_POINTER)
        return arena_printf(names->arena, "const char *%s", names->names.data[i]);
    if (value->kind == VALUE_SCALAR && dtype_is_complex(value->dtype))
        return arena_printf(names->arena, "const %s *%s", dtype_info(value->dtype)->c, names->names.data[i]);
    if (value->kind == VALUE_SCALAR)
        return arena_printf(names->arena, "%s %s", dtype_info(value->dtype)->c, names->names.data[i]);
    return arena_printf(names->arena, "%s%s *%s", function_writes(function, value) ? "" : "const ",
                        dtype_info(value->dtype)->c, names->names.data[i]);
}

static const char *plain_result(const CNames *names, int i, bool strided) {
    const CResult *result = &names->interface->results[i];
    if (result->value->kind == VALUE_ARRAY && (strided || !result->known))
        return arena_printf(names->arena, "%smnp_array *%s", result->known ? "const " : "", result_name(names, i));
    return arena_printf(names->arena, "%s *%s", dtype_info(result->value->dtype)->c, result_name(names, i));
}

static void put_prototype(Text *text, const CNames *names, const Function *function, bool strided) {
    const Interface *interface = names->interface;
    size_t line = text->length;
    bool first = true;
    text_printf(text, "int %s(", c_name(names->arena, function->module, function->c_name, strided ? "_strided" : ""));
    int indent = (int)(text->length - line);
    for (int i = 0; i < interface->parameter_count; i++) {
        const CParameter *parameter = &interface->parameters[i];
        if (strided && parameter->size)
            continue;
        bool array = strided && parameter->value->kind == VALUE_ARRAY;
        put_item(text, &line, indent, first,
                 array ? arena_printf(names->arena, "const mnp_array *%s", names->names.data[i])
                       : plain_parameter(names, function, i));
        first = false;
    }
    for (int i = 0; i < interface->result_count; i++, first = false)
        put_item(text, &line, indent, first, plain_result(names, i, strided));
    text_printf(text, "%s);\n", first ? "void" : "");
}

static void put_shape(Text *text, const Value *array, const char *name, bool *any) {
    text_printf(text, "%s%s: ", *any ? "; " : "", name);
    *any = true;
    for (int axis = 0; axis < array->rank; axis++) {
        text_printf(text, "%s", axis ? " by " : "");
        size_to_text(text, array->shape[axis]);
    }
}

static void put_shapes(Text *text, const CNames *names, const Function *function) {
    const Interface *interface = names->interface;
    bool any = false, owned = false;
    text_printf(text, "/* ");
    for (int i = 0; i < interface->parameter_count; i++)
        if (interface->parameters[i].value->kind == VALUE_ARRAY)
            put_shape(text, interface->parameters[i].value, names->names.data[i], &any);
    for (int i = 0; i < interface->result_count; i++) {
        const CResult *result = &interface->results[i];
        if (result->value->kind != VALUE_ARRAY)
            continue;
        owned |= !result->known;
        if (result->known)
            put_shape(text, result->value, result_name(names, i), &any);
        else
            text_printf(text, "%s%s: %s of rank %d", any ? "; " : "", result_name(names, i),
                        dtype_info(result->value->dtype)->name, result->value->rank);
        any = true;
    }
    text_printf(text, "%s%s%s */\n", any ? "; C order" : "scalars only",
                owned ? "; what is an mnp_array comes owned: mnp_array_free" : "",
                function->external ? "; implemented in C" : "");
}

static void put_function(Text *text, const Function *function) {
    CNames names = {.arena = arena_new(), .interface = function->interface};
    find_names(&names);
    put_shapes(text, &names, function);
    put_prototype(text, &names, function, false);
    if (!function->external && export_has_arrays(function->interface))
        put_prototype(text, &names, function, true);
    text_printf(text, "\n");
    if (!function->external)
        put_size_functions(text, &names, function);
    arena_free(names.arena);
}

static bool is_first_of_its_name(const Module *module, const Function *function) {
    for (const Function *other = module->functions; other != function; other = other->next)
        if (other->external && other->c_name == function->c_name)
            return false;
    return true;
}

static void put_guard_name(Text *text, const char *name) {
    text_printf(text, "MNP_");
    for (const char *c = name; *c; c++) {
        bool letter = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9');
        text_printf(text, "%c", !letter ? '_' : *c >= 'a' && *c <= 'z' ? *c - 32 : *c);
    }
}

void emit_header(const Module *module, const char *name, Text *text) {
    Text guard = {0};
    const char *slash = strrchr(module->source_path, '/');
    put_guard_name(&guard, name);
    text_printf(text, "/* Compiled by mnp from %s.\n"
                      " *\n"
                      " * Every function returns 0, or 1 where it failed; mnp_last_error() then tells why. Results come last:\n"
                      " * the caller gives memory for arrays of the shapes below (functions named ..._size give the number of\n"
                      " * elements, -1 where there is none) and the addresses of scalars. Arrays may overlap. The functions named\n"
                      " * ..._strided take the same arrays with any strides. */\n"
                      "#ifndef %s\n#define %s\n\n",
                slash ? slash + 1 : module->source_path, guard.data, guard.data);
    text_printf(text, "%s\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n", mnp_header_text);
    for (const Function *function = module->functions; function; function = function->next)
        if (function->exported || (function->external && is_first_of_its_name(module, function)))
            put_function(text, function);
    text_printf(text, "#ifdef __cplusplus\n}\n#endif\n#endif\n");
    text_free(&guard);
}
