using MagicFolder.Simulation.Runs;

namespace MagicFolder.Simulation.Tests;

/// <summary>A directory that was renamed elsewhere is renamed here in one step.</summary>
public sealed class MovedDirectoryTests : IDisposable
{
    private const int Alice = 0;
    private const int Bob = 1;

    private readonly Story _story = new(2);

    public void Dispose() => _story.Dispose();

    [Fact]
    public void ItIsMovedWithAllThatIsInIt()
    {
        _story.Sync();
        _story.Write(Alice, "d/x.txt", "one");
        _story.Write(Alice, "d/e/y.txt", "two");
        _story.Sync();
        _story.Rename(Alice, "d", "new");
        _story.Round(Alice);
        bool moved = false;
        _story.Round(Bob, "Move d", () => moved = true);
        moved.ShouldBeTrue();
        _story.End();
        _story.Shows(Bob, "new/e/y.txt").ShouldBe("F:two");
    }
}
