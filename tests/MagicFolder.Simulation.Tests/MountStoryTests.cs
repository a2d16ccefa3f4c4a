using MagicFolder.Simulation.Runs;

namespace MagicFolder.Simulation;

/// <summary>A file system that is mounted inside of a folder comes and goes: its absence is no deletion, and nothing is put where it would be.</summary>
public sealed class MountStoryTests : IDisposable
{
    private const int Alice = 0;
    private const int Bob = 1;

    private readonly Story _story = new(2, isWatched: true);

    public MountStoryTests()
    {
        _story.MakeDirectory(Alice, "mnt");
        _story.Mount(Alice, "mnt");
        _story.Write(Alice, "mnt/f", "one");
        _story.Write(Alice, "mnt/sub/f", "one");
        _story.Sync();
        _story.Shows(Bob, "mnt/sub/f").ShouldBe("F:one");
    }

    public void Dispose() => _story.Dispose();

    [Fact]
    public void WhatOthersChangeThereWaits()
    {
        _story.Unmount(Alice, "mnt");
        _story.Write(Bob, "mnt/f", "two");
        _story.Write(Bob, "mnt/sub/f", "two");
        _story.Write(Bob, "mnt/new", "new");
        for (int i = 0; i < 4; i++) _story.Sync();
        _story.Shows(Alice, "mnt/f").ShouldBeNull();
        _story.Shows(Alice, "mnt/new").ShouldBeNull();
        _story.Shows(Bob, "mnt/f").ShouldBe("F:two");
        _story.Shows(Bob, "mnt/sub/f").ShouldBe("F:two");
        _story.Mount(Alice, "mnt");
        for (int i = 0; i < 4; i++) _story.Sync();
        _story.Shows(Bob, "mnt/f").ShouldBe("F:two");
        _story.Shows(Bob, "mnt/new").ShouldBe("F:new");
    }

    [Fact]
    public void WhatCannotBePutThereIsNotStaged()
    {
        _story.Write(Bob, "mnt/new", "new");
        _story.Round(Bob);
        StagesSomething(Alice).ShouldBeFalse();
        _story.Shows(Alice, "mnt/new").ShouldBeNull();
        _story.Write(Bob, "new", "new");
        _story.Round(Bob);
        StagesSomething(Alice).ShouldBeTrue();
    }

    [Fact]
    public void NeitherIsWhatADirectoryWouldNotTake()
    {
        _story.Write(Alice, "d/f", "one");
        _story.Sync();
        _story.SetMode(Bob, "d", 0x16D);
        _story.Write(Alice, "d/f", "two");
        _story.Write(Alice, "d/new", "new");
        _story.Round(Alice);
        for (int i = 0; i < 4; i++) StagesSomething(Bob).ShouldBeFalse();
        _story.SetMode(Bob, "d", 0x1ED);
        for (int i = 0; i < 4; i++) _story.Sync();
        _story.Shows(Bob, "d/f").ShouldBe("F:two");
        _story.Shows(Bob, "d/new").ShouldBe("F:new");
    }

    [Fact]
    public void WhatOthersDeleteThereDoesNotComeBack()
    {
        _story.Unmount(Alice, "mnt");
        _story.Remove(Bob, "mnt/sub/f");
        for (int i = 0; i < 4; i++) _story.Sync();
        _story.Mount(Alice, "mnt");
        for (int i = 0; i < 4; i++) _story.Sync();
        _story.Shows(Bob, "mnt/sub/f").ShouldBeNull();
    }

    [Fact]
    public void WhatWasJustWrittenThereIsNotDeletedWhenItGoes()
    {
        _story.Write(Alice, "mnt/sub/f", "two");
        _story.Write(Alice, "mnt/sub/g", "new");
        _story.Unmount(Alice, "mnt");
        for (int i = 0; i < 4; i++) _story.Sync();
        _story.Shows(Bob, "mnt/sub/f").ShouldBe("F:one");
        _story.Mount(Alice, "mnt");
        _story.Touch(Alice, "mnt/sub/f");
        for (int i = 0; i < 4; i++) _story.Sync();
        _story.Shows(Bob, "mnt/sub/f").ShouldBe("F:two");
    }

    [Fact]
    public void WhatIsWrittenToTheBareMountPointReplacesNothing()
    {
        _story.Unmount(Alice, "mnt");
        _story.Write(Alice, "mnt/f", "in the wrong place");
        for (int i = 0; i < 4; i++) _story.Sync();
        _story.Shows(Bob, "mnt/f").ShouldBe("F:one");
    }

    [Fact]
    public void AMountPointThatGoesWithItsFileSystemIsNoDeletion()
    {
        _story.Unmount(Alice, "mnt");
        _story.Remove(Alice, "mnt");
        for (int i = 0; i < 4; i++) _story.Sync();
        _story.Shows(Bob, "mnt/sub/f").ShouldBe("F:one");
        _story.Write(Bob, "mnt/new", "new");
        for (int i = 0; i < 4; i++) _story.Sync();
        _story.Shows(Alice, "mnt").ShouldBeNull();
        _story.MakeDirectory(Alice, "mnt");
        _story.Mount(Alice, "mnt");
        _story.Write(Alice, "mnt/f", "two");
        _story.Remove(Alice, "mnt/sub/f");
        for (int i = 0; i < 4; i++) _story.Sync();
        (_story.Shows(Bob, "mnt/f"), _story.Shows(Bob, "mnt/sub/f"), _story.Shows(Bob, "mnt/new")).ShouldBe(("F:two", null, "F:new"));
    }

    [Fact]
    public void AMountPointThatGoesWithTheDirectoryItIsInIsNoDeletionOfWhatWasMounted()
    {
        _story.MakeDirectory(Alice, "media");
        _story.MakeDirectory(Alice, "media/usb");
        _story.Mount(Alice, "media/usb");
        _story.Write(Alice, "media/usb/f", "one");
        for (int i = 0; i < 4; i++) _story.Sync();
        _story.Shows(Bob, "media/usb/f").ShouldBe("F:one");
        _story.Unmount(Alice, "media/usb");
        _story.Remove(Alice, "media/usb");
        _story.Remove(Alice, "media");
        for (int i = 0; i < 4; i++) _story.Sync();
        _story.Shows(Bob, "media/usb/f").ShouldBe("F:one");
        // For what is still in it elsewhere.
        _story.Shows(Alice, "media").ShouldBe("D");
        _story.MakeDirectory(Alice, "media/usb");
        _story.Mount(Alice, "media/usb");
        for (int i = 0; i < 4; i++) _story.Sync();
        _story.Shows(Alice, "media/usb/f").ShouldBe("F:one");
        _story.Shows(Bob, "media/usb/f").ShouldBe("F:one");
    }

    [Fact]
    public void AFileSystemThatGoesDuringALookLosesNothing()
    {
        _story.Kill(Alice, "grid read mutable");
        _story.Round(Alice, "List mnt", () => _story.Unmount(Alice, "mnt"));
        for (int i = 0; i < 4; i++) _story.Sync();
        _story.Shows(Bob, "mnt/sub/f").ShouldBe("F:one");
    }

    private bool StagesSomething(int who) => _story.StepsOfRound(who).Any(step => step.StartsWith("CreateFile", StringComparison.Ordinal));
}
