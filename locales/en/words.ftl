# Words of the closed lists; in Chinese those of the workbook, held together by a test

word-kind-township_health_centre = township health centre
word-kind-community_health_centre = community health centre
word-kind-community_health_station = community health station
word-kind-village_clinic = village clinic
word-kind-county_hospital = county hospital
word-kind-city_hospital = city hospital
word-kind-cdc = centre for disease control
word-kind-maternal_child_health = maternal and child health institution
word-kind-other = other

word-sponsor-government = run by the government
word-sponsor-government_body = run by a government body
word-sponsor-public_body = run by an enterprise or public institution
word-sponsor-society = run by a private body

word-post-category-professional = professional
word-post-category-management = management
word-post-category-worker = worker

word-level-senior = senior
word-level-intermediate = intermediate
word-level-junior = junior

word-ledger-ordinary = ordinary
word-ledger-beyond_ratio = above the ratio
word-ledger-off_quota = off quota
word-ledger-directed = directed
word-ledger-special = special

word-manner-ordinary = ordinary
word-manner-directed = directed
word-manner-beyond_ratio = above the ratio
word-manner-special = special

word-qualification-physician = physician
word-qualification-assistant_physician = assistant physician
word-qualification-rural_doctor = rural doctor

word-labour-relation-employed = employed
word-labour-relation-flexible = flexible work
word-labour-relation-incomplete = not fully an employment
word-labour-relation-none = no labour relation

word-pension-scheme-employees = employees' scheme
word-pension-scheme-residents = residents' scheme
word-pension-scheme-none = none

word-location-township = township
word-location-city = town
word-location-village = village

word-employment-establishment = on the establishment
word-employment-contract = contract
word-employment-agency = agency
word-employment-reemployed = re-employed after retirement
word-employment-other = other

word-retirement-class-men_60 = men at 60
word-retirement-class-women_55 = women at 55
word-retirement-class-women_50 = women at 50
word-retirement-class-women_60 = women at 60

word-rank-none = none
word-rank-assistant = technician
word-rank-junior = assistant
word-rank-intermediate = intermediate
word-rank-associate_senior = associate senior
word-rank-senior = full senior
word-rank-not-appointed = not appointed

word-warning-code-unknown_column = unknown column
word-warning-code-refused_institution = institution refused
word-warning-code-no_such_person = no such person
word-warning-code-partial_history = history incomplete
word-warning-code-level_missing = grade without a level
word-warning-code-grade_level_mismatch = grade and level differ
word-warning-code-post_without_title = appointed above the title
word-warning-code-past_retirement = past retirement
word-warning-code-directed_below_senior = directed title below associate senior

word-title-kind-ordinary = ordinary
word-title-kind-directed = directed
word-gp-training-none = none
word-gp-training-residency = residency
word-gp-training-transfer = transfer
word-gp-training-post = on the post
word-job-class-physician = physician
word-job-class-assistant_physician = assistant physician
word-job-class-trainee_physician = trainee physician
word-job-class-nurse = nurse
word-job-class-midwife = midwife
word-job-class-pharmacist = pharmacist
word-job-class-traditional_pharmacist = traditional pharmacist
word-job-class-laboratory = laboratory technician
word-job-class-imaging = imaging technician
word-job-class-inspector = health inspector
word-job-class-other_health = other health professional
word-job-class-other_technical = other professional
word-job-class-manager = manager
word-job-class-worker = worker
word-sex-male = male
word-sex-female = female
word-training-kind-residency = residency training
word-training-kind-transfer = transfer training
word-training-kind-post = training on the post
word-training-kind-assistant_gp = assistant GP training
word-training-kind-essential_medicines = training in essential medicines
word-training-kind-capacity = capacity training
word-training-kind-continuing = continuing education
