module example.com/m

go 1.22.0

require (
	example.com/a v1.2.3 // indirect
)
replace example.com/a => ./a
