# standard.cmake: the files of stdlib/np as a table of C. -D DIRECTORY=... -D OUTPUT=... -P standard.cmake
file(GLOB files ${FILES})
list(SORT files)
set(rows "")
foreach(path ${files})
    file(READ ${path} text)
    string(REPLACE "\\" "\\\\" text "${text}")
    string(REPLACE "\"" "\\\"" text "${text}")
    string(REPLACE "\n" "\\n\"\n     \"" text "${text}")
    get_filename_component(name ${path} NAME)
    string(APPEND rows "    {\"${PREFIX}${name}\",\n     \"\\n${text}\"},\n")
endforeach()
file(WRITE ${OUTPUT} "/* Made by files.cmake. */\n#include \"base/base.h\"\n\n"
    "extern const TextFile ${SYMBOL}[];\nconst TextFile ${SYMBOL}[] = {\n${rows}    {0},\n};\n")
