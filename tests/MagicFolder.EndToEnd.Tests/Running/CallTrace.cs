using System.Diagnostics;
using MagicFolder.Soak.Running;

namespace MagicFolder.EndToEnd.Tests.Running;

/// <summary>Runs the program under strace(1).</summary>
internal static class CallTrace
{
    private const string Strace = "/usr/bin/strace";

    /// <summary>The calls that rename and flush, in their order, with the paths of open files. Skips the test where programs cannot be traced.</summary>
    internal static async Task<string[]> RunAsync(Computer computer, params string[] arguments)
    {
        if (!File.Exists(Strace)) Assert.Skip($"needs {Strace}");
        string log = computer.At("calls");
        var start = new ProcessStartInfo(Strace, ["-f", "-y", "-e", "trace=fsync,rename,renameat,renameat2,link,linkat,mkdir,mkdirat", "-o", log, .. ProgramProcess.Program, .. arguments])
        {
            WorkingDirectory = computer.At(""),
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["HOME"] = computer.At("");
        start.Environment["XDG_DATA_HOME"] = computer.At("data");
        start.Environment["XDG_CONFIG_HOME"] = computer.At("config");
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        string said = await errors;
        Assert.SkipWhen(said.Contains("ptrace", StringComparison.OrdinalIgnoreCase), "Programs cannot be traced here.");
        process.ExitCode.ShouldBe(0, said);
        return await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken);
    }
}
