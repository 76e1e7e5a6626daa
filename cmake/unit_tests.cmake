# SPDX-License-Identifier: Apache-2.0
# symbolon_unit_tests(FOLDER LIBRARY...): every tests/unit/FOLDER/*_test.cpp in one GoogleTest binary.
find_package(GTest REQUIRED)

function(symbolon_unit_tests folder)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/unit/${folder}/*_test.cpp)
  if(NOT sources)
    return()
  endif()
  string(REPLACE "/" "_" name ${folder})
  add_executable(symbolon_test_${name} ${sources})
  target_link_libraries(symbolon_test_${name} PRIVATE ${ARGN} GTest::gtest GTest::gtest_main)
  target_compile_definitions(symbolon_test_${name} PRIVATE SYMBOLON_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  add_test(NAME unit_${name} COMMAND symbolon_test_${name})
endfunction()
