# Installs what the program prints: completion for shells, and manual pages.
#   DIGITORCH_FILE: the program
#   DIGITORCH_PRINTED_FOLDER: where they lie until then
#   DIGITORCH_DATA_FOLDER, DIGITORCH_MANUAL_FOLDER: below the prefix

# Runs the program with the words, and installs what it prints as FOLDER/NAME.
function(install_printed folder name)
  set(file "${DIGITORCH_PRINTED_FOLDER}/${name}")
  execute_process(COMMAND "${DIGITORCH_FILE}" ${ARGN}
                  OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
  file(WRITE "${file}" "${text}")
  file(INSTALL "${file}" DESTINATION "${CMAKE_INSTALL_PREFIX}/${folder}")
endfunction()

set(zsh_folder site-functions)
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr") # where Debian's packages put theirs
  set(zsh_folder vendor-completions)
endif()
install_printed(${DIGITORCH_DATA_FOLDER}/bash-completion/completions digitorch
                completion bash)
install_printed(${DIGITORCH_DATA_FOLDER}/zsh/${zsh_folder} _digitorch completion zsh)
install_printed(${DIGITORCH_DATA_FOLDER}/fish/vendor_completions.d digitorch.fish
                completion fish)

install_printed(${DIGITORCH_MANUAL_FOLDER} digitorch.1 manual)
file(READ "${DIGITORCH_PRINTED_FOLDER}/digitorch.1" overview)
string(REGEX MATCHALL "\n\\.It Cm [a-z]+" items "${overview}")
foreach(item ${items})
  string(REGEX REPLACE ".* " "" command "${item}")
  install_printed(${DIGITORCH_MANUAL_FOLDER} digitorch-${command}.1 manual ${command})
endforeach()
