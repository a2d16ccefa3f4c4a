using System.Diagnostics;
using System.Text;

namespace MagicFolder.EndToEnd.Tests.Running;

/// <summary>One run of the built program: its own process, home directory and output. Disposing of a run that goes on kills it.</summary>
internal sealed class ProgramRun : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "magic-folder.dll");

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    private ProgramRun(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Append(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(_errors, line.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    internal string Output => Read(_output);

    internal string Errors => Read(_errors);

    internal bool HasEnded => _process.HasExited;

    /// <param name="home">The home directory, which the program's data directory is in.</param>
    /// <param name="mortal">Run without root's right to read and write everything?</param>
    /// <param name="arguments">Those of the program.</param>
    internal static ProgramRun Start(string home, bool mortal, params IEnumerable<string> arguments)
    {
        string[] command = [.. mortal && Environment.IsPrivilegedProcess ? Privileges.Drop : [], "dotnet", Program, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = home,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment["HOME"] = home;
        start.Environment["XDG_DATA_HOME"] = Path.Combine(home, "data");
        return new ProgramRun(new Process { StartInfo = start });
    }

    internal async Task<ProgramResult> EndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException e)
        {
            Kill();
            throw new TimeoutException($"The program did not end within {Patience}.\n--- output\n{Output}--- errors\n{Errors}---", e);
        }
        return new ProgramResult(_process.ExitCode, Output, Errors);
    }

    /// <summary>Waits until the program has written this.</summary>
    internal async Task SaysAsync(string text)
    {
        long start = Stopwatch.GetTimestamp();
        while (!Output.Contains(text, StringComparison.Ordinal) && !Errors.Contains(text, StringComparison.Ordinal))
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(start) > Patience)
                throw new TimeoutException($"The program did not say '{text}'.\n--- output\n{Output}--- errors\n{Errors}---");
            await Task.Delay(20);
        }
    }

    /// <summary>SIGKILL: no handler runs.</summary>
    internal void Kill() => _process.Kill();

    /// <summary>SIGINT: what Ctrl-C sends.</summary>
    internal void Interrupt() => Posix.Interrupt(_process.Id);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }
        _process.Dispose();
    }

    private static void Append(StringBuilder text, string? line)
    {
        if (line is null) return;
        lock (text) text.Append(line).Append('\n');
    }

    private static string Read(StringBuilder text)
    {
        lock (text) return text.ToString();
    }
}
