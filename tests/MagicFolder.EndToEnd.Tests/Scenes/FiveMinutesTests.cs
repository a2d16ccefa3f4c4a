using System.Diagnostics;
using MagicFolder.EndToEnd.Tests.Running;

namespace MagicFolder.EndToEnd.Tests.Scenes;

/// <summary>What docs/five-minutes.md says, typed on computers that have nothing yet.</summary>
public sealed class FiveMinutesTests : IDisposable
{
    private static readonly TimeSpan AMinute = TimeSpan.FromMinutes(1);
    private static readonly string[] Steps = ["init", "run", "add", "invite", "join", "status"];

    private readonly Computer _laptop = new();
    private readonly Computer _desktop = new();
    private readonly Computer _phone = new();
    private readonly string[][] _guide = [.. ReadGuide().Where(words => Steps.Contains(words[0])).Take(Steps.Length)];

    public void Dispose()
    {
        _laptop.Dispose();
        _desktop.Dispose();
        _phone.Dispose();
    }

    [Fact]
    public async Task TheGuideLeadsFromNothingToTheSameAndAThirdJoinsWhileTheAdminIsOff()
    {
        _guide.Select(words => words[0]).ShouldBe(Steps);
        long start = Stopwatch.GetTimestamp();
        _laptop.Write("holiday/x.txt", "from the laptop");
        _desktop.Write("holiday/y.txt", "from the desktop");
        (await TypeAsync(_laptop, "init")).ShouldExit(0);
        (await TypeAsync(_desktop, "init")).ShouldExit(0);
        var laptop = _laptop.Start(Words(_laptop, "run"));
        using var desktop = _desktop.Start(Words(_desktop, "run"));
        await laptop.SaysAsync("Ready");
        await desktop.SaysAsync("Ready");
        (await TypeAsync(_laptop, "add")).ShouldExit(0).ShouldBeCalm();
        string code = (await TypeAsync(_laptop, "invite")).ShouldExit(0).Output.Trim();
        (await TypeAsync(_desktop, "join", code)).ShouldExit(0).ShouldBeCalm();
        await UntilAsync(() => _desktop.Exists("holiday/x.txt") && _laptop.Exists("holiday/y.txt"), AMinute * 3);
        // Less than one where nothing else is at work.
        Stopwatch.GetElapsedTime(start).ShouldBeLessThan(AMinute * 3);
        _desktop.Read("holiday/x.txt").ShouldBe("from the laptop");
        _laptop.Read("holiday/y.txt").ShouldBe("from the desktop");

        string second = (await _laptop.RunAsync("invite", "--folder", "holiday", "phone")).ShouldExit(0).Output.Trim();
        laptop.Interrupt();
        (await laptop.EndAsync()).ShouldExit(0).ShouldBeCalm();
        laptop.Dispose();
        (await TypeAsync(_phone, "init")).ShouldExit(0);
        using var phone = _phone.Start(Words(_phone, "run"));
        await phone.SaysAsync("Ready");
        (await TypeAsync(_phone, "join", second)).ShouldExit(0).ShouldBeCalm();
        (await _phone.RunAsync("status")).ShouldExit(0).Output.ShouldContain("waiting for the computer of the folder's admin");
        _phone.Exists("holiday/x.txt").ShouldBeFalse();

        using var again = _laptop.Start(Words(_laptop, "run"));
        await phone.SaysAsync("joined as phone");
        await UntilAsync(() => _phone.Exists("holiday/x.txt") && _phone.Exists("holiday/y.txt"), AMinute);
        _phone.Write("holiday/z.txt", "from the phone");
        await UntilAsync(() => _laptop.Exists("holiday/z.txt") && _desktop.Exists("holiday/z.txt"), AMinute);
        (await _desktop.RunAsync("status")).Output.ShouldContain("phone");
    }

    private Task<ProgramResult> TypeAsync(Computer computer, string step, string? code = null) => computer.RunAsync(Words(computer, step, code));

    /// <summary>What the guide says there, as the shell would give it to the program.</summary>
    private IEnumerable<string> Words(Computer computer, string step, string? code = null) => _guide.Single(words => words[0] == step)
        .Where(word => word != "&")
        .Select(word => word == "-" ? code! : word.Replace("~", computer.At("."), StringComparison.Ordinal).Replace("/mnt/share/grid", _laptop.At("share/grid"), StringComparison.Ordinal));

    /// <summary>The words behind <c>./magic-folder</c> in each line that is to be typed.</summary>
    private static IEnumerable<string[]> ReadGuide()
    {
        const string program = "    ./magic-folder ";
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "MagicFolder.slnx"))) directory = directory.Parent!;
        return File.ReadLines(Path.Combine(directory.FullName, "docs", "five-minutes.md"))
            .Where(line => line.StartsWith(program, StringComparison.Ordinal)).Select(line => line[program.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    private static async Task UntilAsync(Func<bool> holds, TimeSpan patience)
    {
        long start = Stopwatch.GetTimestamp();
        while (!holds())
        {
            if (Stopwatch.GetElapsedTime(start) > patience) throw new TimeoutException($"Not within {patience}.");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
