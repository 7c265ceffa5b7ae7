@echo off
rem Runs Palimpsest from a checkout. The first call builds what is missing with Maven.
setlocal
for %%I in ("%~dp0..\..") do set "PALIMPSEST_HOME=%%~fI"
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"
if exist "%PALIMPSEST_HOME%\runtime\target\lib" goto run
echo building Palimpsest (once; this fetches its libraries)... 1>&2
pushd "%PALIMPSEST_HOME%"
call mvn -B -ntp -q -DskipTests package 1>&2
if errorlevel 1 (
    popd
    echo the build failed; its output is above 1>&2
    exit /b 1
)
popd
:run
if not defined OMP_WAIT_POLICY set "OMP_WAIT_POLICY=PASSIVE"
"%JAVA%" -Xmx2g -Djava.awt.headless=true "-Dpalimpsest.home=%PALIMPSEST_HOME%" %PALIMPSEST_JAVA_OPTS% -cp "%PALIMPSEST_HOME%\runtime\target\palimpsest-runtime-0.1.0.jar;%PALIMPSEST_HOME%\runtime\target\lib\*" dev.palimpsest.runtime.cli.Main %*
exit /b %ERRORLEVEL%
