using System.Text.Json;
using System.Text.RegularExpressions;
using MagicFolder.EndToEnd.Tests.Running;

namespace MagicFolder.EndToEnd.Tests.Commands;

/// <summary>How an invite code is handed out.</summary>
public sealed partial class InviteTests : IDisposable
{
    private const int Quiet = 4;
    private const int Finder = 7;

    private readonly Computer _computer = new();

    public void Dispose() => _computer.Dispose();

    [Fact]
    public async Task ATerminalShowsAQrCodeAndNothingElseDoes()
    {
        (await _computer.RunAsync("init")).ShouldExit(0);
        using var daemon = _computer.Start("run");
        await daemon.SaysAsync("Ready");
        (await _computer.RunAsync("add", "--name", "holiday", "--author", "laptop", "d")).ShouldExit(0);

        string piped = (await _computer.RunAsync("invite", "--folder", "holiday", "one")).ShouldExit(0).Output;
        piped.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldHaveSingleItem().ShouldStartWith("magic1-");
        using var json = JsonDocument.Parse((await _computer.RunAsync("invite", "--folder", "holiday", "two", "--json")).ShouldExit(0).Output);
        json.RootElement.GetProperty("code").GetString()!.ShouldStartWith("magic1-");

        ShouldBeQrCode(Modules(await TerminalRun.RunAsync(_computer, 100, "invite --folder holiday three")));
        foreach (string without in new[] { await TerminalRun.RunAsync(_computer, 100, "invite --folder holiday four --no-qr"), await TerminalRun.RunAsync(_computer, 100, "invite --folder holiday five --json") })
        {
            without.ShouldContain("magic1-");
            Modules(without).ShouldBeEmpty();
        }
        string narrow = await TerminalRun.RunAsync(_computer, 50, "invite --folder holiday six");
        narrow.ShouldContain("too narrow");
        Modules(narrow).ShouldBeEmpty();
    }

    [Fact]
    public async Task ACodeThatIsTypedEndsWithItsLine()
    {
        (await _computer.RunAsync("init")).ShouldExit(0);
        using var daemon = _computer.Start("run");
        await daemon.SaysAsync("Ready");
        string shown = await TerminalRun.RunAsync(_computer, 100, "join - d", "magic1-none\n");
        shown.ShouldContain("Code: ");
        shown.ShouldContain("The code is incomplete");
    }

    /// <summary>By rows: true is dark. Only lines that set their colours count.</summary>
    private static bool[][] Modules(string shown)
    {
        string[] lines = [.. shown.Split('\n').Where(line => line.Contains("\u001b[97;40m", StringComparison.Ordinal)).Select(line => Sequence().Replace(line, "").Trim('\r'))];
        return [.. lines.SelectMany(line => new[] { line.Select(c => c is ' ' or '▄').ToArray(), [.. line.Select(c => c is ' ' or '▀')] })];
    }

    /// <summary>ISO/IEC 18004: a quiet zone of 4 light modules, and finder patterns in three corners.</summary>
    private static void ShouldBeQrCode(bool[][] rows)
    {
        int size = rows[0].Length;
        int side = size - (2 * Quiet);
        ((side - 17) % 4).ShouldBe(0);
        rows.Length.ShouldBeInRange(size, size + 1);
        rows.Take(Quiet).ShouldAllBe(row => !row.Contains(true));
        rows.ShouldAllBe(row => !row.Take(Quiet).Contains(true));
        HasFinder(rows, Quiet, Quiet).ShouldBeTrue();
        HasFinder(rows, Quiet, size - Quiet - Finder).ShouldBeTrue();
        HasFinder(rows, size - Quiet - Finder, Quiet).ShouldBeTrue();
        HasFinder(rows, size - Quiet - Finder, size - Quiet - Finder).ShouldBeFalse();
    }

    private static bool HasFinder(bool[][] rows, int top, int left)
    {
        for (int y = 0; y < Finder; y++)
            for (int x = 0; x < Finder; x++)
                if (rows[top + y][left + x] != (Math.Max(Math.Abs(x - 3), Math.Abs(y - 3)) != 2)) return false;
        return true;
    }

    [GeneratedRegex("\u001b\\[[0-9;?]*[a-zA-Z=]|\u001b=", RegexOptions.None, 1000)]
    private static partial Regex Sequence();
}
