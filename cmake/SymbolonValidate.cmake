# SPDX-License-Identifier: Apache-2.0
# Validation as a part of any CMake project that links an AArch64 image:
#
#   set(CMAKE_EXPORT_COMPILE_COMMANDS ON)       # before the target: the sources as they are compiled
#   include(/path/to/symbolon/cmake/SymbolonValidate.cmake)
#   add_executable(kernel.elf main.c start.S)
#   symbolon_validate(kernel.elf
#     [CONFIG FILE]           # validate-kernel.toml with limits, contracts, gate; its images are not used
#     [BASELINE FILE]         # functions known not to be proved
#     [ASSEMBLY PATH...]      # assembly that compile_commands.json does not name
#     [REPORTS FORMAT...]     # kernel.elf.FORMAT in the build folder: json sarif junit markdown github gitlab
#     [OPTIONS OPTION...]     # of `validate-kernel run`
#     [TIMEOUT SECONDS])      # of the ctest; default 3600
#
# It adds the target kernel.elf-validate, which builds the image first, and the ctest of the same name, which takes it as it is: an image
# that was not built is a failure. Verdicts are cached in symbolon-cache of the build folder. What is not
# proved fails both; exit codes are those of `validate-kernel run`.
#
# The tool: SYMBOLON_VALIDATE_KERNEL, else the one of the tree that this file lies in, else one in the PATH.
include_guard()

find_program(SYMBOLON_VALIDATE_KERNEL validate-kernel HINTS ${CMAKE_CURRENT_LIST_DIR}/..
             DOC "The tool that symbolon_validate() runs" NO_CMAKE_FIND_ROOT_PATH)

function(symbolon_validate target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "CONFIG;BASELINE;TIMEOUT" "ASSEMBLY;REPORTS;OPTIONS")
  if(arg_UNPARSED_ARGUMENTS OR arg_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "symbolon_validate(${target}): what is '${arg_UNPARSED_ARGUMENTS}${arg_KEYWORDS_MISSING_VALUES}'?")
  endif()
  if(NOT TARGET ${target})
    message(FATAL_ERROR "symbolon_validate(${target}): there is no such target")
  endif()
  if(NOT SYMBOLON_VALIDATE_KERNEL)
    message(FATAL_ERROR "symbolon_validate(${target}): validate-kernel is not found; set SYMBOLON_VALIDATE_KERNEL")
  endif()
  get_target_property(exported ${target} EXPORT_COMPILE_COMMANDS)
  if(NOT exported OR NOT CMAKE_GENERATOR MATCHES "Ninja|Makefiles")
    message(FATAL_ERROR "symbolon_validate(${target}): set CMAKE_EXPORT_COMPILE_COMMANDS to ON before the target, and use Ninja or Makefiles")
  endif()

  set(command ${SYMBOLON_VALIDATE_KERNEL} run --elf $<TARGET_FILE:${target}> --sources ${CMAKE_BINARY_DIR}/compile_commands.json
              --image ${target} --cache-dir ${CMAKE_BINARY_DIR}/symbolon-cache)
  foreach(option CONFIG BASELINE)
    if(arg_${option})
      string(TOLOWER ${option} name)
      cmake_path(ABSOLUTE_PATH arg_${option} BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
      list(APPEND command --${name} ${arg_${option}})
    endif()
  endforeach()
  foreach(path IN LISTS arg_ASSEMBLY)
    cmake_path(ABSOLUTE_PATH path BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
    list(APPEND command --assembly ${path})
  endforeach()
  foreach(format IN LISTS arg_REPORTS)
    list(APPEND command --${format} ${CMAKE_CURRENT_BINARY_DIR}/${target}.${format})
  endforeach()
  list(APPEND command ${arg_OPTIONS})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 3600)
  endif()

  # Paths in reports are shown from the project.
  add_custom_target(${target}-validate COMMAND ${command} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} USES_TERMINAL VERBATIM)
  add_dependencies(${target}-validate ${target})
  add_test(NAME ${target}-validate COMMAND ${command} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${target}-validate PROPERTIES LABELS symbolon TIMEOUT ${arg_TIMEOUT} RUN_SERIAL TRUE)
endfunction()
