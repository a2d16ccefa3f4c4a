@echo off
powershell -NoProfile -ExecutionPolicy Bypass -File "%~dp0magic-folder.ps1" %*
exit /b %ERRORLEVEL%
