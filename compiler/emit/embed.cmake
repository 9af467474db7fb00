# embed.cmake: a text file as a string of C. -D INPUT=... -D OUTPUT=... -D SYMBOL=... -P embed.cmake
file(READ ${INPUT} text)
string(REPLACE "\\" "\\\\" text "${text}")
string(REPLACE "\"" "\\\"" text "${text}")
string(REPLACE "\n" "\\n\"\n    \"" text "${text}")
get_filename_component(name ${INPUT} NAME)
file(WRITE ${OUTPUT} "/* ${name}, made by embed.cmake. */\nextern const char ${SYMBOL}[];\n"
    "const char ${SYMBOL}[] =\n    \"${text}\";\n")
