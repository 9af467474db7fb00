# standard.cmake: the files of stdlib/np as a table of C. -D DIRECTORY=... -D OUTPUT=... -P standard.cmake
file(GLOB files ${DIRECTORY}/*.mnp)
list(SORT files)
set(rows "")
foreach(path ${files})
    file(READ ${path} text)
    string(REPLACE "\\" "\\\\" text "${text}")
    string(REPLACE "\"" "\\\"" text "${text}")
    string(REPLACE "\n" "\\n\"\n     \"" text "${text}")
    get_filename_component(name ${path} NAME)
    string(APPEND rows "    {\"stdlib/np/${name}\",\n     \"\\n${text}\"},\n")
endforeach()
file(WRITE ${OUTPUT} "/* Made by standard.cmake. */\n#include \"syntax/modules.h\"\n\n"
    "const StandardFile standard_files[] = {\n${rows}    {0},\n};\n")
