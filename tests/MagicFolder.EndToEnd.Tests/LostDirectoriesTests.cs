using System.Diagnostics;
using MagicFolder.EndToEnd.Tests.Running;
using MagicFolder.EndToEnd.Tests.Trees;

namespace MagicFolder.EndToEnd.Tests;

/// <summary>Two of the five directories of a grid are lost in the middle of a sync.</summary>
public sealed class LostDirectoriesTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly string[] Lost = ["disk2", "disk5"];
    private readonly Computer _computer = new();
    private int _files;

    public LostDirectoriesTests() => _computer.Write("grid.txt", "k = 2\nn = 5\n\ndisk1\ndisk2\ndisk3\ndisk4\ndisk5\n");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EverythingGoesOnAndIsMadeHealthyAfterwards(bool areReplaced)
    {
        Work(10);
        using (var watch = _computer.Start("sync", "alice", "bob", "--watch", "--grid", "grid.txt"))
        {
            await watch.SaysAsync("Watching");
            var work = Task.Run(async () =>
            {
                for (int i = 0; i < 30; i++)
                {
                    Work(4);
                    await Task.Delay(50);
                }
            });
            await Task.Delay(500);
            work.IsCompleted.ShouldBeFalse();
            foreach (string directory in Lost) Directory.Move(_computer.At(directory), _computer.At(directory + ".away"));
            await work;
            _computer.Write("alice/0", "edited after the loss");
            _computer.Delete("bob/1");
            await BecomeTheSameAsync(watch);
            foreach (string directory in Lost) await watch.SaysAsync($"grid: The grid directory is not there: '{_computer.At(directory)}' is missing.");
            watch.Interrupt();
            (await watch.EndAsync()).ShouldBeCalm();
        }
        _computer.Read("bob/0").ShouldBe("edited after the loss");
        _computer.Names("alice").Length.ShouldBe(_files - 1);
        _computer.Names("alice").ShouldNotContain(name => name.Contains("conflict", StringComparison.Ordinal));

        if (areReplaced)
        {
            foreach (string directory in Lost) Directory.CreateDirectory(_computer.At($"{directory}/shares"));
        }
        var check = (await _computer.RunAsync("check")).ShouldExit(3).ShouldBeCalm();
        check.ErrorLines.Count(line => line.StartsWith("grid: ", StringComparison.Ordinal)).ShouldBe(areReplaced ? 0 : Lost.Length, check.ToString());
        check.Output.ShouldNotContain("  lost  ");

        (await _computer.RunAsync("check", "--repair")).ShouldExit(0).ShouldBeCalm().Output.ShouldContain("All is well");
        (await _computer.RunAsync("check")).ShouldExit(0).ShouldBeCalm();
        foreach (string directory in Lost) _computer.Exists(directory).ShouldBe(areReplaced);
        if (areReplaced)
        {
            // All was spread over the new directories: so two more may go.
            foreach (string directory in (string[])["disk1", "disk3"]) Directory.Move(_computer.At(directory), _computer.At(directory + ".away"));
        }
        (await _computer.RunAsync("sync", "alice", "bob", "dave")).ShouldExit(0).ShouldBeCalm();
        Directories.ShouldBeTheSame(_computer.At("alice"), [_computer.At("bob"), _computer.At("dave")]);
    }

    public void Dispose() => _computer.Dispose();

    /// <summary>New files, on either side in turn.</summary>
    private void Work(int files)
    {
        for (int i = 0; i < files; i++)
        {
            _computer.Write($"{(_files % 2 == 0 ? "alice" : "bob")}/{_files}", SampleTree.Bytes(20_000 + _files));
            _files++;
        }
    }

    private async Task BecomeTheSameAsync(ProgramRun watch)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                if (_computer.Names("alice").Length == _files - 1 && _computer.Exists("bob/0") && _computer.Read("bob/0") == "edited after the loss"
                    && Directories.AreTheSame(_computer.At("alice"), _computer.At("bob")))
                    return;
            }
            catch (IOException)
            {
                // A file may go between two looks at it.
            }
            if (watch.HasEnded || Stopwatch.GetElapsedTime(start) > Patience)
                throw new TimeoutException($"They did not become the same: {_computer.Names("alice").Length} and {_computer.Names("bob").Length} of {_files - 1} files.\n{watch.Output}{watch.Errors}");
            await Task.Delay(50);
        }
    }
}
