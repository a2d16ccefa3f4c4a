using System.Text;
using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;

namespace MagicFolder.FileSystem.Staging;

/// <summary>
/// The place inside the folder, and so on its disk, where new content is made ready and old content waits: <c>.magic-folder/staging/</c>. Nothing here is
/// seen by scans. One thread at a time.
/// </summary>
/// <param name="disk">The folder.</param>
/// <param name="names">
/// A new file name at each call, one that was never used before in this folder, from a counter that survives restarts or from random bits.
/// </param>
public sealed class StagingArea(IDisk disk, Func<string> names)
{
    private const int OwnerOnly = 0x1C0;

    /// <summary>The program's own directory.</summary>
    public static RelativePath Reserved { get; } = RelativePath.Parse(RelativePath.ReservedName);

    public static RelativePath Directory { get; } = Reserved.Child("staging");

    /// <summary>Makes the directories, for their owner only, if they are missing.</summary>
    public void Prepare()
    {
        Make(Reserved);
        Make(Directory);
    }

    /// <summary>Makes it again if somebody has removed it, with the program's own directory still there: that it is empty most of the time makes tools tidy it up.</summary>
    public void PrepareAgain()
    {
        if (disk.Stat(Directory) is null && disk.Stat(Reserved) is not null) Make(Directory);
    }

    /// <summary>A free place, for something that will be moved here.</summary>
    public RelativePath NewPlace() => Directory.Child(names());

    /// <summary>A new empty file, readable by its owner only until it is finished.</summary>
    public StagedFile Create() => Create(NewPlace());

    /// <summary>The same at a place that was asked for before (<see cref="NewPlace"/>). Several may be made at the same time.</summary>
    public StagedFile Create(RelativePath place) => new(disk, place, disk.CreateFile(place, 0x180));

    /// <summary>An empty directory, ready to be put in place.</summary>
    public RelativePath CreateDirectory(long mtimeNs, int mode)
    {
        var place = NewPlace();
        disk.CreateDirectory(place, mode);
        disk.SetAttributes(place, mtimeNs, mode: null);
        return place;
    }

    public RelativePath CreateSymlink(string target, long mtimeNs)
    {
        var place = NewPlace();
        disk.CreateSymlink(place, Encoding.UTF8.GetBytes(target));
        disk.SetAttributes(place, mtimeNs, mode: null);
        return place;
    }

    /// <summary>
    /// What is left here, for instance after a crash. It may be a user's file that was swapped out: consult the intents before removing anything.
    /// </summary>
    public IReadOnlyList<DiskName> List() => disk.Stat(Directory) is null ? [] : disk.List(Directory);

    /// <summary>Removes a file, symlink or empty directory from here; nothing happens when it is gone already.</summary>
    /// <exception cref="ArgumentException">The path is not in the staging area.</exception>
    public void Remove(RelativePath place)
    {
        if (place.Parent != Directory) throw new ArgumentException("Not in the staging area.", nameof(place));
        try
        {
            disk.Remove(place);
        }
        catch (DiskException e) when (e.Fault == DiskFault.NotFound)
        {
        }
    }

    private void Make(RelativePath directory)
    {
        try
        {
            if (disk.Stat(directory) is null)
            {
                disk.CreateDirectory(directory, OwnerOnly);
                disk.Flush([directory.Parent]);
            }
        }
        catch (DiskException e) when (e.Fault == DiskFault.Exists)
        {
        }
        if (disk.Stat(directory) is not { Kind: DiskKind.Directory }) throw DiskTrouble.Exception(DiskFault.WrongKind, directory, "use");
    }
}
