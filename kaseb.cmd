@echo off
rem Builds what is missing or stale, finds a JDK 25 and runs the kaseb command: what kaseb does elsewhere.
rem In the archive, which brings its own runtime, there is nothing to build or to find.
setlocal EnableExtensions DisableDelayedExpansion
set "root=%~dp0"
if "%root:~-1%"=="\" set "root=%root:~0,-1%"

if not exist "%root%\runtime\bin\java.exe" goto find
set "jdk=%root%\runtime"
set "classpath=%root%\lib\*"
goto run

:find
rem JAVA_HOME, then the java of the PATH, then the usual folders.
set "jdk="
if defined JAVA_HOME call :try "%JAVA_HOME%"
if not defined jdk for %%J in (java.exe) do if not "%%~$PATH:J"=="" call :above "%%~dp$PATH:J."
if not defined jdk for %%B in (
  "%ProgramFiles%\Eclipse Adoptium"
  "%ProgramFiles%\Java"
  "%ProgramFiles%\Microsoft"
  "%ProgramFiles%\Amazon Corretto"
  "%ProgramFiles%\Zulu"
  "%USERPROFILE%\.sdkman\candidates\java"
  "%USERPROFILE%\.jdks"
  "%USERPROFILE%\scoop\apps"
) do if not defined jdk for /d %%D in ("%%~B\*") do if not defined jdk call :try "%%~D"
if defined jdk goto found
echo kaseb needs a JDK 25 and found none in JAVA_HOME, PATH or the usual folders.>&2
echo Install one (for instance Eclipse Temurin 25) and set JAVA_HOME to its folder.>&2
exit /b 1
:found

rem The measurements are a module beside the command, built when they are asked for.
set "module=kaseb-app"
if "%~1"=="bench" set "module=kaseb-bench"
set "classpath=%root%\%module%\target\classes;%root%\%module%\target\lib\*"
set "built=%root%\%module%\target\kaseb.built"

rem cmd cannot compare times of files to the second; PowerShell, part of every Windows, can.
set "stale=yes"
if not exist "%built%" goto build
set "KASEB_ROOT=%root%"
set "KASEB_BUILT=%built%"
set "KASEB_MODULE=%module%"
powershell -NoProfile -NonInteractive -Command "$b=(Get-Item -LiteralPath $env:KASEB_BUILT).LastWriteTimeUtc; $s=@($env:KASEB_ROOT+'\pom.xml'); foreach($m in @('kaseb-tune','kaseb-forecast','kaseb-core','kaseb-app',$env:KASEB_MODULE)){ $s+=($env:KASEB_ROOT+'\'+$m+'\pom.xml'); $s+=($env:KASEB_ROOT+'\'+$m+'\src\main') }; $n=Get-ChildItem -LiteralPath $s -Recurse -Force | Where-Object { $_.LastWriteTimeUtc -gt $b } | Select-Object -First 1; if($n){exit 1}else{exit 0}"
if not errorlevel 1 set "stale="
if not defined stale goto run
:build
where mvn >nul 2>&1
if errorlevel 1 (
  echo kaseb is not built yet and Maven is missing: install Maven ^(mvn^), then try again.>&2
  exit /b 1
)
echo Building Kaseb (once; the first build downloads its libraries) ...>&2
set "log=%TEMP%\kaseb-build-%RANDOM%%RANDOM%.log"
pushd "%root%"
setlocal
set "JAVA_HOME=%jdk%"
call mvn -B -q -DskipTests -pl "%module%" -am package >"%log%" 2>&1
set "failed=%ERRORLEVEL%"
endlocal & set "failed=%failed%"
popd
if not "%failed%"=="0" (
  type "%log%">&2
  del "%log%"
  echo The build failed; its output stands above.>&2
  exit /b 1
)
del "%log%"
type nul >"%built%"

:run
rem A server's garbage dies young: a small young generation stays in the cache and is swept in
rem milliseconds; one that may grow stalls all requests for tens of them.
set "heap="
if "%~1"=="serve" set "heap=-Xmn96m"
"%jdk%\bin\java.exe" --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED ^
  --sun-misc-unsafe-memory-access=allow -XX:+UseParallelGC %heap% ^
  %KASEB_JAVA_OPTS% -cp "%classpath%" io.kaseb.cli.Main %*
exit /b %ERRORLEVEL%

:above
for %%H in ("%~1\..") do call :try "%%~fH"
exit /b 0

:try
if not exist "%~1\bin\java.exe" exit /b 0
if not exist "%~1\release" exit /b 0
findstr /b /c:"JAVA_VERSION=\"25" "%~1\release" >nul 2>&1 && set "jdk=%~1"
exit /b 0
