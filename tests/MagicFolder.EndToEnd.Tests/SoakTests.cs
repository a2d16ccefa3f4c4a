using System.Diagnostics;

namespace MagicFolder.EndToEnd.Tests;

/// <summary>A short run of the command <c>soak</c>; docs/soak.md has the long ones.</summary>
public sealed class SoakTests
{
    [Fact]
    public Task AHalfDozenKillsWhileUsersWorkBreakNoPromise() => RunAsync("--kills", "6", "--epoch", "6", "--folders", "2");

    [Fact]
    public Task DaemonsThatAreStoppedAndKilledBreakNoPromiseAndAreQuietAtRest() => RunAsync("--daemons", "2", "--minutes", "0.1", "--idle", "3");

    private static async Task RunAsync(params string[] options)
    {
        int seed = Environment.ProcessId;
        string program = Path.Combine(AppContext.BaseDirectory, "soak.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. options, "--seed", $"{seed}"]) { UseShellExecute = false, RedirectStandardOutput = true };
        using var soak = Process.Start(start)!;
        string output = await soak.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await soak.WaitForExitAsync(TestContext.Current.CancellationToken);

        TestContext.Current.TestOutputHelper?.WriteLine(output);
        soak.ExitCode.ShouldBe(0, output);
    }
}
