using System.Text;
using Microsoft.Extensions.Logging;

namespace MagicFolder.Cli.Output;

/// <summary>
/// The daemon's log in a file, 0600: the same lines that go to standard error, with the time, appended. A file that has grown too large becomes <c>FILE.1</c>, in the place of the former one. A file
/// that cannot be written to any more (a full disk) loses lines, and stops nothing. Safe for concurrent use.
/// </summary>
internal sealed class LogFile : ILoggerProvider
{
    private const long DefaultLargest = 10_000_000;

    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly long _largest;
    private FileStream _file;

    /// <exception cref="IOException">It cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be written to.</exception>
    internal LogFile(string path, TimeProvider time, long largest = DefaultLargest)
    {
        (_path, _time, _largest) = (path, time, largest);
        _file = Open(path);
    }

    public ILogger CreateLogger(string categoryName) => new Lines(this, categoryName);

    public void Dispose()
    {
        lock (_lock) _file.Dispose();
    }

    private static FileStream Open(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    private void Write(LogLevel level, string category, int id, string message, Exception? trouble)
    {
        string time = TimeZoneInfo.ConvertTime(_time.GetUtcNow(), _time.LocalTimeZone).ToString("yyyy-MM-dd HH:mm:ss");
        string text = trouble is null ? message : $"{message} {trouble}";
        byte[] line = Encoding.UTF8.GetBytes($"{time} {Word(level)}: {category}[{id}] {text.ReplaceLineEndings(" ")}\n");
        lock (_lock)
        {
            try
            {
                if (_file.Length > 0 && _file.Length + line.Length > _largest) Rotate();
                _file.Write(line);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                // Nobody is left to tell, and standard error has the line.
            }
        }
    }

    private void Rotate()
    {
        _file.Dispose();
        try
        {
            File.Move(_path, _path + ".1", overwrite: true);
        }
        finally
        {
            // Where it cannot be moved it grows on.
            _file = Open(_path);
        }
    }

    /// <summary>As on the console.</summary>
    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };

    private sealed class Lines(LogFile file, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) file.Write(logLevel, category, eventId.Id, formatter(state, exception), exception);
        }
    }
}
