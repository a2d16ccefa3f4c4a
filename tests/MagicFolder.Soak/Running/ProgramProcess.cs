using System.Diagnostics;
using System.Text;

namespace MagicFolder.Soak.Running;

/// <summary>The built program in a process of its own, with its output. Disposing of one that goes on kills it.</summary>
internal sealed class ProgramProcess : IDisposable
{
    /// <summary>Takes root's right to read and write everything from what follows.</summary>
    internal const string SetPriv = "/usr/bin/setpriv";

    /// <summary>Names another build of the program that is to be run, for instance one that starts faster.</summary>
    private const string ProgramVariable = "MAGIC_FOLDER_PROGRAM";

    private static readonly string[] HearInterrupts = IgnoresInterrupts() ? ["env", "--default-signal=INT"] : [];
    private static readonly string[] Drop = [SetPriv, "--bounding-set=-dac_override,-dac_read_search", "--"];

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    /// <param name="home">The home directory, which the program's data directory is in.</param>
    /// <param name="mortal">Run without root's right to read and write everything, where that can be dropped?</param>
    /// <param name="arguments">Those of the program.</param>
    internal ProgramProcess(string home, bool mortal, IEnumerable<string> arguments)
    {
        string[] command = [.. HearInterrupts, .. mortal && Environment.IsPrivilegedProcess && File.Exists(SetPriv) ? Drop : [], .. Program, .. arguments];
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
        start.Environment["XDG_CONFIG_HOME"] = Path.Combine(home, "config");
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Append(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Append(_errors, line.Data);
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>How the program is called, before its arguments: it is beside the tests, where it was built with them, unless another one is named.</summary>
    internal static string[] Program { get; } = Call(
        Environment.GetEnvironmentVariable(ProgramVariable) is { Length: > 0 } named ? Path.GetFullPath(named) : Path.Combine(AppContext.BaseDirectory, "magic-folder.dll"));

    internal int Id => _process.Id;

    internal bool HasEnded => _process.HasExited;

    internal int ExitCode => _process.ExitCode;

    internal string Output => Read(_output);

    internal string Errors => Read(_errors);

    private static string[] Call(string program) => program.EndsWith(".dll", StringComparison.Ordinal) ? ["dotnet", program] : [program];

    internal Task WaitAsync(CancellationToken cancel) => _process.WaitForExitAsync(cancel);

    internal void Signal(int signal)
    {
        if (!_process.HasExited) Posix.Signal(_process.Id, signal);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }
        _process.Dispose();
    }

    /// <summary>A shell starts what runs in its background so, and programs inherit it: they could not be stopped as Ctrl-C does.</summary>
    private static bool IgnoresInterrupts()
    {
        string? ignored = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal));
        return ignored is not null && (Convert.ToUInt64(ignored["SigIgn:".Length..].Trim(), 16) & (1UL << (Posix.Interrupt - 1))) != 0;
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
