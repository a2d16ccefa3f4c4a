namespace MagicFolder.Grid;

/// <summary>What a garbage collection did, in objects and bytes. <c>default</c> is an empty grid.</summary>
/// <param name="Deleted">Objects freed.</param>
/// <param name="BytesFreed">Bytes of their files.</param>
/// <param name="Kept">Objects that are referenced, leased or mutable.</param>
/// <param name="Damaged">Unreferenced objects whose shares could not be understood; they were kept.</param>
public readonly record struct GarbageReport(int Deleted, long BytesFreed, int Kept, int Damaged);
