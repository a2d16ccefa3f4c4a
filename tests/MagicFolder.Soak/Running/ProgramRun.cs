using System.Diagnostics;
using System.Text;

namespace MagicFolder.Soak.Running;

/// <summary>One run of the built program, as a process of its own without root's right to read and write everything.</summary>
internal sealed class ProgramRun : IDisposable
{
    private const string SetPriv = "/usr/bin/setpriv";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
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

    internal int Id => _process.Id;

    internal bool HasEnded => _process.HasExited;

    internal string Output => Read(_output);

    internal string Errors => Read(_errors);

    internal static ProgramRun Start(Places places, params IEnumerable<string> arguments)
    {
        bool drop = Environment.IsPrivilegedProcess && File.Exists(SetPriv);
        string[] command = [.. drop ? [SetPriv, "--bounding-set=-dac_override,-dac_read_search", "--"] : Array.Empty<string>(), "dotnet", Program, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = places.Home,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment["HOME"] = places.Home;
        start.Environment["XDG_DATA_HOME"] = Path.Combine(places.Home, "data");
        return new ProgramRun(new Process { StartInfo = start });
    }

    internal void Signal(int signal)
    {
        if (!_process.HasExited) Posix.Signal(_process.Id, signal);
    }

    /// <exception cref="SoakFailure">It does not end, or an exception reached the user.</exception>
    internal async Task<int> EndAsync(CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new SoakFailure($"the program does not end by itself\n{Output}{Errors}");
        }
        if (Errors.Contains("   at ", StringComparison.Ordinal) || Errors.Contains("Unhandled", StringComparison.Ordinal))
            throw new SoakFailure($"an exception reached the user\n{Errors}");
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Posix.Signal(_process.Id, Posix.Kill);
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
