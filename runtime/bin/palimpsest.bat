@echo off
rem Runs Palimpsest, from a checkout or from an unpacked distribution. In a checkout, the first call builds what is missing with Maven.
rem   PALIMPSEST_ND4J        an ND4J binary other than the one that is picked: windows-x86_64 or cuda-11.6
rem   PALIMPSEST_JAVA_OPTS   more options for the JVM, such as -Xmx8g
rem palimpsest environment says what was picked, and why.
setlocal
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"
rem A distribution has bin\ and lib\ side by side; a checkout has this file in runtime\bin\, and what is built in runtime\target\.
for %%I in ("%~dp0..") do set "PALIMPSEST_HOME=%%~fI"
set "LIBRARIES=%PALIMPSEST_HOME%\lib"
set "CLASSES=%LIBRARIES%\*"
if exist "%LIBRARIES%\palimpsest-runtime-0.1.0.jar" goto run
for %%I in ("%~dp0..\..") do set "PALIMPSEST_HOME=%%~fI"

rem The ND4J binary. Each that is asked for has a folder of libraries of its own, so that no run finds another's.
set "PICKED=windows-x86_64-onednn-avx2"
set "BINARY=%PICKED%"
if defined PALIMPSEST_ND4J set "BINARY=%PALIMPSEST_ND4J%"
set "LIB=lib-%BINARY%"
set "BUILD="
if "%BINARY%"=="%PICKED%" (
    set "LIB=lib"
) else if "%BINARY%"=="windows-x86_64" (
    set "BUILD=-Dnd4j.classifier=windows-x86_64 -Dlib=lib-windows-x86_64"
) else if "%BINARY%"=="cuda-11.6" (
    set "BUILD=-Pcuda"
) else (
    echo PALIMPSEST_ND4J=%BINARY% is no ND4J binary for Windows: use one of %PICKED% windows-x86_64 cuda-11.6 1>&2
    exit /b 1
)
set "LIBRARIES=%PALIMPSEST_HOME%\runtime\target\%LIB%"
set "CLASSES=%PALIMPSEST_HOME%\runtime\target\palimpsest-runtime-0.1.0.jar;%LIBRARIES%\*"
if exist "%LIBRARIES%" goto run
echo building Palimpsest for %BINARY% (once; this fetches its libraries)... 1>&2
pushd "%PALIMPSEST_HOME%"
call mvn -B -ntp -q -DskipTests -pl !distribution %BUILD% package 1>&2
if errorlevel 1 (
    popd
    echo the build failed; its output is above 1>&2
    exit /b 1
)
popd
:run
rem The memory that is there decides how much ND4J may take outside the Java heap; 8 GB where it cannot be told.
set "MEGABYTES="
for /f %%M in ('powershell -NoProfile -Command "[long]((Get-CimInstance Win32_ComputerSystem).TotalPhysicalMemory / 1MB)" 2^>nul') do set "MEGABYTES=%%M"
if not defined MEGABYTES set "MEGABYTES=8192"
set /a HEAP=MEGABYTES / 4
if %HEAP% gtr 2048 set "HEAP=2048"
set /a NATIVE=MEGABYTES / 10 * 6
set /a BOTH=NATIVE + HEAP
set "CHOSEN="
if not defined OMP_WAIT_POLICY (
    set "OMP_WAIT_POLICY=PASSIVE"
    set "CHOSEN=OMP_WAIT_POLICY"
)
"%JAVA%" -Xms64m -Xmx%HEAP%m -XX:+UseSerialGC -Dorg.bytedeco.javacpp.maxbytes=%NATIVE%m -Dorg.bytedeco.javacpp.maxphysicalbytes=%BOTH%m -Djava.awt.headless=true "-Dpalimpsest.home=%PALIMPSEST_HOME%" "-Dpalimpsest.chosen=%CHOSEN%" %PALIMPSEST_JAVA_OPTS% -cp "%CLASSES%" dev.palimpsest.runtime.cli.Main %*
exit /b %ERRORLEVEL%
