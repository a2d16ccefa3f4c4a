using MagicFolder.EndToEnd.Tests.Running;

namespace MagicFolder.EndToEnd.Tests.Commands;

/// <summary>Settings change, and no state is lost.</summary>
public sealed class ConfigTests : IDisposable
{
    private readonly Computer _computer = new();

    public void Dispose() => _computer.Dispose();

    [Fact]
    public async Task SettingsAreShownAndChanged()
    {
        (await _computer.RunAsync("config")).ShouldExit(1).ShouldReportOnce("magic-folder init");
        (await _computer.RunAsync("init", "--grid", "grid")).ShouldExit(0);
        (await _computer.RunAsync("config", "uploadBytesPerSecond", "500000")).ShouldExit(0);
        (await _computer.RunAsync("config", "uploadBytesPerSecond")).ShouldExit(0).Output.Trim().ShouldBe("500000");
        (await _computer.RunAsync("config")).ShouldExit(0).Output.ShouldBe(
            $"grid = {_computer.At("grid")}\npollSeconds = 2\nscanSeconds = 120\nport = 0\nuploadBytesPerSecond = 500000\ndownloadBytesPerSecond = 0\ngcDays = 1\nthreads = 0\n");
        (await _computer.RunAsync("config", "pollSeconds", "0")).ShouldExit(1).ShouldReportOnce("pollSeconds", "86400");
        (await _computer.RunAsync("config", "pollSeconds", "9999999999")).ShouldExit(1).ShouldReportOnce("pollSeconds", "86400");
        (await _computer.RunAsync("config", "pollSeconds", "often")).ShouldExit(2).ShouldReportOnce("a number");
        (await _computer.RunAsync("config", "colour", "red")).ShouldExit(2).ShouldReportOnce("no setting colour");
        (await _computer.RunAsync("config", "pollSeconds")).ShouldExit(0).Output.Trim().ShouldBe("2");
    }

    [Fact]
    public async Task AFolderGoesOnWhereItsGridIsNowAndOnNoOther()
    {
        (await _computer.RunAsync("init", "--grid", "grid")).ShouldExit(0);
        string former = _computer.At("grid");
        _computer.Write("d/x.txt", "one");
        using (var daemon = _computer.Start("run"))
        {
            await daemon.SaysAsync("Ready");
            (await _computer.RunAsync("add", "--name", "holiday", "--author", "laptop", "d")).ShouldExit(0);
            (await _computer.RunAsync("scan")).ShouldExit(0);
            (await _computer.RunAsync("config", "grid", "elsewhere")).ShouldExit(1).ShouldReportOnce("daemon runs");
            daemon.Interrupt();
            (await daemon.EndAsync()).ShouldExit(0);
        }
        (await _computer.RunAsync("init", "--grid", "elsewhere")).ShouldExit(1).ShouldReportOnce("magic-folder config grid");
        Directory.Move(former, _computer.At("mounted"));
        (await _computer.RunAsync("init", "--grid", "other", "--config", "other-config")).ShouldExit(0);
        (await _computer.RunAsync("config", "grid", "other")).ShouldExit(1).ShouldReportOnce("does not have holiday", "Nothing was changed");
        (await _computer.RunAsync("config", "grid", "nowhere")).ShouldExit(1).ShouldReportOnce("nowhere");
        (await _computer.RunAsync("config", "grid", "d/grid")).ShouldExit(1).ShouldReportOnce("inside one another");
        (await _computer.RunAsync("config", "grid")).ShouldExit(0).Output.Trim().ShouldBe(former);
        _computer.Exists("nowhere").ShouldBeFalse();

        (await _computer.RunAsync("config", "grid", "mounted")).ShouldExit(0).Output.ShouldContain("holiday");
        _computer.Write("d/x.txt", "two, longer");
        using var again = _computer.Start("run");
        await again.SaysAsync("Ready");
        await again.SaysAsync("1 changes made here stored");
        (await _computer.RunAsync("scan")).ShouldExit(0);
        (await _computer.RunAsync("status")).ShouldExit(0).Output.ShouldContain("version 2");
        (await _computer.RunAsync("history", "x.txt", "--folder", "holiday")).ShouldExit(0).Output.Split('\n').Count(line => line.EndsWith(" B", StringComparison.Ordinal)).ShouldBe(2);
        _computer.Exists("grid").ShouldBeFalse();
    }

    [Fact]
    public async Task DirectoriesOfAGridFileMayBeExchanged()
    {
        _computer.Write("grid.txt", "k = 1\nn = 3\n\ndisk1\ndisk2\ndisk3\n");
        (await _computer.RunAsync("init", "--grid", "grid.txt")).ShouldExit(0);
        _computer.Write("d/x.txt", "one");
        using (var daemon = _computer.Start("run"))
        {
            await daemon.SaysAsync("Ready");
            (await _computer.RunAsync("add", "--name", "holiday", "--author", "laptop", "d")).ShouldExit(0);
            (await _computer.RunAsync("scan")).ShouldExit(0);
            daemon.Interrupt();
            (await daemon.EndAsync()).ShouldExit(0);
        }
        // One moved, one lost and replaced by an empty one.
        Directory.Move(_computer.At("disk1"), _computer.At("moved"));
        Directory.Delete(_computer.At("disk2"), recursive: true);
        Directory.CreateDirectory(_computer.At("disk4/shares"));
        _computer.Write("grid.txt", "k = 1\nn = 3\n\nmoved\ndisk4\ndisk3\n");
        _computer.Write("d/x.txt", "two, longer");
        using var again = _computer.Start("run");
        await again.SaysAsync("1 changes made here stored");
        (await _computer.RunAsync("status")).ShouldExit(0).Output.ShouldContain("version 2");
        (await _computer.RunAsync("check", "--folder", "holiday", "--repair")).ShouldExit(0);
        (await _computer.RunAsync("check", "--folder", "holiday")).ShouldExit(0);
        (await _computer.RunAsync("history", "x.txt", "--folder", "holiday")).ShouldExit(0).Output.Split('\n').Count(line => line.EndsWith(" B", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task ADaemonKeepsToItsLimit()
    {
        (await _computer.RunAsync("init", "--grid", "grid")).ShouldExit(0);
        (await _computer.RunAsync("config", "uploadBytesPerSecond", "1000000")).ShouldExit(0);
        byte[] noise = new byte[5_000_000];
        new Random(1).NextBytes(noise);
        _computer.Write("d/noise", noise);
        using var daemon = _computer.Start("run");
        await daemon.SaysAsync("Ready");
        long start = TimeProvider.System.GetTimestamp();
        (await _computer.RunAsync("add", "--name", "holiday", "--author", "laptop", "d")).ShouldExit(0);
        await daemon.SaysAsync("1 changes made here stored");
        TimeProvider.System.GetElapsedTime(start).ShouldBeGreaterThan(TimeSpan.FromSeconds(3.5));
    }
}
