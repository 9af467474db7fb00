# syntax.cmake: the lexer and the parser are generated at build time; conflicts fail the build.
find_program(RE2C re2c REQUIRED)
find_program(LEMON lemon REQUIRED)
set(SYNTAX_SOURCE ${CMAKE_CURRENT_LIST_DIR})
set(SYNTAX_BUILD ${CMAKE_BINARY_DIR}/generated/syntax)
file(MAKE_DIRECTORY ${SYNTAX_BUILD})
add_custom_command(
    OUTPUT ${SYNTAX_BUILD}/grammar.c ${SYNTAX_BUILD}/grammar.h
    COMMAND ${LEMON} -q -d${SYNTAX_BUILD} ${SYNTAX_SOURCE}/grammar.y
    DEPENDS ${SYNTAX_SOURCE}/grammar.y)
add_custom_command(
    OUTPUT ${SYNTAX_BUILD}/lexer.c
    COMMAND ${RE2C} -W -o ${SYNTAX_BUILD}/lexer.c ${SYNTAX_SOURCE}/lexer.re
    DEPENDS ${SYNTAX_SOURCE}/lexer.re ${SYNTAX_BUILD}/grammar.h)
set(SYNTAX_GENERATED ${SYNTAX_BUILD}/grammar.c ${SYNTAX_BUILD}/lexer.c)
set_source_files_properties(${SYNTAX_GENERATED} PROPERTIES COMPILE_FLAGS "-w")
