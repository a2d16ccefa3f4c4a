using System.Diagnostics;
using System.Globalization;
using MagicFolder.Benchmarks.Folders;
using MagicFolder.Sync;

namespace MagicFolder.Benchmarks.Histories;

/// <summary>
/// <c>history [SNAPSHOTS]</c>: one of a thousand files is changed again and again; alice publishes a snapshot for each change, and bob takes it. Does a change cost more when there have been many?
/// </summary>
internal static class HistoryCommand
{
    private const int Files = 1000;
    private const int Measured = 50;

    /// <summary>Exit status: 2 for a wrong argument.</summary>
    internal static async Task<int> RunAsync(string[] arguments)
    {
        int snapshots = 10_000;
        if (arguments.Length > 1 || (arguments.Length == 1 && (!int.TryParse(arguments[0], NumberStyles.None, CultureInfo.InvariantCulture, out snapshots) || snapshots < Measured)))
        {
            await Console.Error.WriteLineAsync($"benchmarks history [SNAPSHOTS]: how many, from {Measured}.");
            return 2;
        }
        using var folder = await SharedFolder.FoundAsync(new EngineOptions());
        string hers = folder.NewDirectory();
        SmallFiles.Write(hers, Files);
        await using var alice = await folder.OpenAsync("alice", hers);
        await using var bob = await folder.OpenAsync("bob", folder.NewDirectory());
        await alice.RunRoundAsync();
        await bob.RunRoundAsync();
        Console.WriteLine("| snapshots | ms a change at alice | ms a change at bob | state of both, bytes a snapshot | grid |");
        Console.WriteLine("| ---: | ---: | ---: | ---: | ---: |");
        string changing = Directory.GetFiles(hers, "file-*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        var (stateBefore, gridBefore) = folder.BytesStored();
        var (aliceTime, bobTime) = (TimeSpan.Zero, TimeSpan.Zero);
        for (int done = 1, next = Math.Min(100, snapshots), measured = 0; done <= snapshots; done++)
        {
            await File.WriteAllTextAsync(changing, string.Create(CultureInfo.InvariantCulture, $"version {done}"));
            bool isMeasured = done > next - Measured;
            if (isMeasured) measured++;
            aliceTime += await TimeAsync(alice, isMeasured);
            bobTime += await TimeAsync(bob, isMeasured);
            if (done < next && done < snapshots) continue;
            var (state, grid) = folder.BytesStored();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {done:N0} | {aliceTime.TotalMilliseconds / measured:F1} | {bobTime.TotalMilliseconds / measured:F1} | {(state - stateBefore) / done:N0} | {(grid - gridBefore) / done:N0} |"));
            (aliceTime, bobTime) = (TimeSpan.Zero, TimeSpan.Zero);
            measured = 0;
            next = Math.Min(next * 10, snapshots);
        }
        return 0;
    }

    private static async Task<TimeSpan> TimeAsync(OpenedParticipant participant, bool isMeasured)
    {
        long start = Stopwatch.GetTimestamp();
        await participant.RunRoundAsync();
        return isMeasured ? Stopwatch.GetElapsedTime(start) : TimeSpan.Zero;
    }
}
