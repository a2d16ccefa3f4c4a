using System.Diagnostics;
using System.Text;
using MagicFolder.Soak.Running;

namespace MagicFolder.EndToEnd.Tests.Running;

/// <summary>Runs the program on a pseudo-terminal, by script(1).</summary>
internal static class TerminalRun
{
    private const string Script = "/usr/bin/script";

    /// <summary>What the terminal shows, with its control sequences.</summary>
    internal static async Task<string> RunAsync(Computer computer, int columns, string arguments)
    {
        if (!File.Exists(Script)) Assert.Skip($"needs {Script}");
        var start = new ProcessStartInfo(Script, ["-qec", $"stty cols {columns} rows 50; {string.Join(' ', ProgramProcess.Program)} {arguments}", "/dev/null"])
        {
            WorkingDirectory = computer.At(""),
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment["HOME"] = computer.At("");
        start.Environment["XDG_DATA_HOME"] = computer.At("data");
        start.Environment["XDG_CONFIG_HOME"] = computer.At("config");
        start.Environment["TERM"] = "xterm";
        using var process = Process.Start(start)!;
        string shown = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return shown;
    }
}
