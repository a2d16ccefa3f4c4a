using System.Diagnostics;
using System.Text;
using MagicFolder.Soak.Running;

namespace MagicFolder.EndToEnd.Tests.Running;

/// <summary>Runs the program on a pseudo-terminal, by script(1).</summary>
internal static class TerminalRun
{
    private const string Script = "/usr/bin/script";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>What the terminal shows, with its control sequences.</summary>
    /// <param name="computer">Where.</param>
    /// <param name="columns">How wide it is.</param>
    /// <param name="arguments">Those of the program.</param>
    /// <param name="typed">What its user types, who does not go away.</param>
    internal static async Task<string> RunAsync(Computer computer, int columns, string arguments, string typed = "")
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
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await process.StandardInput.WriteAsync(typed);
            await process.StandardInput.FlushAsync(patience.Token);
            string shown = await process.StandardOutput.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return shown;
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
